package rest

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestStreams(t *testing.T) {
	t.Parallel()
	rg := newRig(t,
		Route{Pattern: "whole", Handle: func(context.Context, *Request) (any, error) {
			return &Stream{ContentType: "application/zip", Name: "a.zip", Write: func(_ context.Context, w io.Writer) error {
				_, err := io.WriteString(w, "whole")
				return err
			}}, nil
		}},
		Route{Pattern: "broken", Handle: func(context.Context, *Request) (any, error) {
			return &Stream{ContentType: "application/zip", Name: "a.zip", Write: func(_ context.Context, w io.Writer) error {
				if _, err := io.WriteString(w, "half"); err != nil {
					return err
				}
				return errors.New("disk on fire")
			}}, nil
		}},
	)
	res, body := rg.call(t, http.MethodGet, "/portal/whole", "", "")
	if body != "whole" || res.Header.Get("Content-Type") != "application/zip" || res.Header.Get("Content-Disposition") != `attachment; filename="a.zip"` {
		t.Errorf("%q, %v", body, res.Header)
	}
	if res, body := rg.call(t, http.MethodHead, "/portal/whole", "", ""); body != "" || res.StatusCode != http.StatusOK {
		t.Errorf("HEAD: %s %q", res.Status, body)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, rg.URL+"/portal/broken", nil)
	if err != nil {
		t.Fatal(err)
	}
	broken, err := http.DefaultTransport.RoundTrip(req)
	if err == nil {
		_, err = io.ReadAll(broken.Body)
		broken.Body.Close()
	}
	if err == nil {
		t.Error("a stream that failed looks whole")
	}
	if log := rg.log.String(); !strings.Contains(log, "disk on fire") {
		t.Errorf("the log does not say why: %s", log)
	}
}
