package rest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"strings"
	"unicode"

	"golang.org/x/time/rate"

	"github.com/rhumb-gis/rhumb/internal/portal"
)

// maxAnonymous is how many bytes of files one request may send before it has shown a token.
const maxAnonymous = 100 << 20

// maxStray is how many bytes of files may arrive in a day in requests that show no token to
// the end: what they stored stays for a day, until the collector takes it.
const maxStray = 2 << 30

func newStray() *rate.Limiter { return rate.NewLimiter(rate.Limit(maxStray)/(24*60*60), maxStray) }

// chargeStray counts what a request without a token has stored.
func (h *handler) chargeStray(r *Request) {
	if r.Token == nil && r.stray > 0 {
		h.stray.ReserveN(h.clock.Now(), int(min(r.stray, maxStray)))
	}
}

// parseMultipart reads a multipart body as it arrives: fields into memory, file parts into
// the blob store.
func (h *handler) parseMultipart(ctx context.Context, rt *Route, r *Request, body *pacedReader, boundary string) error {
	if boundary == "" {
		return &portal.Error{Code: 400, Message: "The multipart body has no boundary in its Content-Type."}
	}
	u := &upload{handler: h, rt: rt, r: r, body: body, mem: h.buffers.lease()}
	defer u.close()
	mr := multipart.NewReader(body, boundary)
	for parts := 0; ; parts++ {
		p, err := mr.NextPart()
		if errors.Is(err, io.EOF) {
			if empty := int64(len("--" + boundary + "--\r\n")); parts == 0 && body.pace.moved > empty {
				return &portal.Error{Code: 400, Message: "The multipart body does not hold the boundary that its Content-Type names."}
			}
			return nil
		}
		if err != nil {
			return &portal.Error{Code: 400, Message: "The multipart body cannot be read: " + err.Error()}
		}
		if parts >= maxParams+maxFiles {
			return &portal.Error{Code: 400, Message: fmt.Sprintf("The request has more than %d parts.", maxParams+maxFiles)}
		}
		if err := u.part(ctx, p); err != nil {
			return err
		}
	}
}

// upload is the state of one multipart body while it is read.
type upload struct {
	*handler
	rt        *Route
	r         *Request
	body      *pacedReader
	mem       *lease
	files     int
	fields    int   // bytes of fields so far
	anonymous int64 // bytes of files stored before a token was seen
	slot      bool  // holds one of the few places for anonymous files
}

func (u *upload) close() {
	u.r.stray = u.anonymous
	u.mem.release()
	if u.slot {
		<-u.spool
	}
}

func (u *upload) part(ctx context.Context, p *multipart.Part) error {
	name := p.FormName()
	if name == "" {
		return &portal.Error{Code: 400, Message: "A part of the multipart body has no name."}
	}
	if p.FileName() != "" {
		return u.file(ctx, name, p)
	}
	b, err := u.mem.read(ctx, p, maxField)
	switch {
	case errors.Is(err, errTooLong):
		return portal.ErrBadParam(name, fmt.Sprintf("is larger than %d MB: send it as a file part, with a file name", maxField>>20))
	case err != nil:
		return u.stored(err)
	}
	if u.fields += len(b); u.fields > maxFields {
		return &portal.Error{Code: 413, Message: fmt.Sprintf("The parameters of the request are larger than %d MB together.", maxFields>>20)}
	}
	return u.r.add(name, string(b))
}

func (u *upload) file(ctx context.Context, name string, p *multipart.Part) error {
	if !u.rt.Files {
		return portal.ErrBadParam(name, "must be a plain value: this operation takes no files")
	}
	if u.files++; u.files > maxFiles {
		return &portal.Error{Code: 400, Message: fmt.Sprintf("The request has more than %d files.", maxFiles)}
	}
	if err := u.authenticate(ctx, u.rt, u.r); err != nil {
		return err
	}
	src := io.Reader(p)
	if u.r.Token == nil {
		if err := u.takeSlot(); err != nil {
			return err
		}
		src = &anonymousReader{r: p, u: u}
	}
	blob, err := u.blobs.Put(ctx, src)
	switch {
	case u.anonymous > maxAnonymous:
		return errTokenFirst(fmt.Sprintf("more than %d MB of files arrived before a token", maxAnonymous>>20))
	case err != nil:
		return u.stored(err)
	}
	key := strings.ToLower(name)
	u.r.files[key] = append(u.r.files[key], portal.File{
		Name: fileName(p.FileName()), ContentType: p.Header.Get("Content-Type"), Blob: blob,
	})
	return nil
}

// takeSlot admits a file of a caller whose token may still come behind it.
func (u *upload) takeSlot() error {
	if u.slot {
		return nil
	}
	if u.stray.TokensAt(u.clock.Now()) <= 0 {
		return errTokenFirst(fmt.Sprintf("more than %d GB of files arrived without a token today", maxStray>>30))
	}
	select {
	case u.spool <- struct{}{}:
		u.slot = true
		return nil
	default:
		return errTokenFirst("too many uploads without a token are under way")
	}
}

func errTokenFirst(why string) error {
	return &portal.Error{Code: 499, MessageCode: "GWM_0003", Message: "Token Required",
		Details: []string{"Token Required: " + why + ". Send the token in the query, in the header X-Esri-Authorization, or as a field ahead of the file."}}
}

// stored tells a sender's fault from ours in an error of the blob store: what the body failed
// with is the sender's.
func (u *upload) stored(err error) error {
	if u.body.err == nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return err
	}
	return errBrokenOff()
}

func errBrokenOff() error {
	return &portal.Error{Code: 400, Message: "The request broke off before its end, or came too slowly."}
}

// anonymousReader fails once the upload has stored more than an anonymous one may.
type anonymousReader struct {
	r io.Reader
	u *upload
}

func (a *anonymousReader) Read(p []byte) (int, error) {
	n, err := a.r.Read(p)
	if a.u.anonymous += int64(n); a.u.anonymous > maxAnonymous {
		return n, errTokenFirst("too much")
	}
	return n, err
}

// fileName is the last element of the name that a client gave, without control characters.
func fileName(s string) string {
	if i := strings.LastIndexAny(s, `/\`); i >= 0 {
		s = s[i+1:]
	}
	s = strings.ReplaceAll(s, "%22", `"`) // how browsers and undici write a quote
	return strings.Map(func(c rune) rune {
		if unicode.IsControl(c) {
			return -1
		}
		return c
	}, strings.ToValidUTF8(s, "\uFFFD"))
}
