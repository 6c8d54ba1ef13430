package serve

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/pprof"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/rhumb-gis/rhumb/internal/portal/app"
	"github.com/rhumb-gis/rhumb/internal/store/sqlite"
)

// holdingsTimeout bounds the counting of rows at a scrape.
const holdingsTimeout = 5 * time.Second

// monitor is a listener of its own for those who watch the server: it never shares one with the
// portal, whose callers have no business with its figures.
type monitor struct {
	requests  *prometheus.CounterVec
	durations *prometheus.HistogramVec
	bytes     *prometheus.CounterVec
	registry  *prometheus.Registry
	listener  net.Listener
	http      *http.Server
}

// newMonitor listens; nil where no monitor is asked for.
func newMonitor(ctx context.Context, o *Options, store *sqlite.Store, conns *connections) (*monitor, error) {
	if o.Monitor == "" {
		return nil, nil
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", o.Monitor)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w. Choose another address with --monitor", o.Monitor, err)
	}
	m := &monitor{
		listener: l, registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "rhumb_requests_total", Help: "Requests by route, method and outcome: ok, an error code of the REST API, or an HTTP status.",
		}, []string{"route", "method", "outcome"}),
		durations: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "rhumb_request_duration_seconds", Help: "Time from the first byte of a request to the last of its answer, by route.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10, 60},
		}, []string{"route"}),
		bytes: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "rhumb_body_bytes_total", Help: "Bytes of request bodies (in) and answers (out).",
		}, []string{"direction"}),
	}
	m.registry.MustRegister(m.requests, m.durations, m.bytes, &stock{ctx: ctx, store: store}, callers{conns},
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}))
	if o.Profile {
		mux.HandleFunc("GET /debug/pprof/", pprof.Index)
		mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
		mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
		mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	}
	m.http = &http.Server{Handler: hostIsLocal(mux), ReadHeaderTimeout: headerTimeout, MaxHeaderBytes: maxHeader}
	return m, nil
}

// hostIsLocal refuses names that a page of elsewhere could have pointed at this machine.
func hostIsLocal(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, err := net.SplitHostPort(r.Host)
		if err != nil {
			host = r.Host
		}
		if !loopback(host) {
			http.Error(w, "ask for the monitor by localhost or 127.0.0.1", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// Answered implements [app.Meter].
func (m *monitor) Answered(a app.Answer) {
	route := a.Route
	if route == "" {
		route = "none"
	}
	method := a.Method
	switch method {
	case http.MethodGet, http.MethodPost, http.MethodHead, http.MethodOptions, http.MethodPut, http.MethodDelete:
	default:
		method = "other" // a caller chooses the word: it must not make a series of its own
	}
	m.requests.WithLabelValues(route, method, a.Outcome).Inc()
	m.durations.WithLabelValues(route).Observe(a.Took.Seconds())
	m.bytes.WithLabelValues("in").Add(float64(a.In))
	m.bytes.WithLabelValues("out").Add(float64(a.Out))
}

// serve answers until close.
func (m *monitor) serve() error {
	if err := m.http.Serve(m.listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("monitor: %w", err)
	}
	return nil
}

func (m *monitor) close() error { return m.http.Close() }

// stock tells what the store holds and how busy its writer is.
type stock struct {
	ctx   context.Context // of the server: a scrape has none
	store *sqlite.Store
}

var (
	objectsDesc = prometheus.NewDesc("rhumb_objects", "Objects in the store, by kind.", []string{"kind"}, nil)
	blobsDesc   = prometheus.NewDesc("rhumb_blob_bytes", "Bytes of the stored contents, each content once.", nil, nil)
	waitingDesc = prometheus.NewDesc("rhumb_writer_waiting", "Changes that wait for the writer of the store or are in its batch.", nil, nil)
	changesDesc = prometheus.NewDesc("rhumb_writer_changes_total", "Changes that the writer of the store has answered.", nil, nil)
	commitsDesc = prometheus.NewDesc("rhumb_writer_commits_total", "Commits of the store; changes that wait together share one.", nil, nil)
)

// Describe implements [prometheus.Collector].
func (s *stock) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{objectsDesc, blobsDesc, waitingDesc, changesDesc, commitsDesc} {
		to <- d
	}
}

// Collect implements [prometheus.Collector].
func (s *stock) Collect(to chan<- prometheus.Metric) {
	load := s.store.Load()
	to <- prometheus.MustNewConstMetric(waitingDesc, prometheus.GaugeValue, float64(load.Waiting))
	to <- prometheus.MustNewConstMetric(changesDesc, prometheus.CounterValue, float64(load.Changes))
	to <- prometheus.MustNewConstMetric(commitsDesc, prometheus.CounterValue, float64(load.Commits))
	ctx, cancel := context.WithTimeout(s.ctx, holdingsTimeout)
	defer cancel()
	h, err := s.store.Holdings(ctx)
	if err != nil {
		to <- prometheus.NewInvalidMetric(objectsDesc, err)
		return
	}
	for _, o := range []struct {
		kind string
		n    int64
	}{{"member", h.Members}, {"group", h.Groups}, {"item", h.Items}, {"token", h.Tokens}, {"blob", h.Blobs}} {
		to <- prometheus.MustNewConstMetric(objectsDesc, prometheus.GaugeValue, float64(o.n), o.kind)
	}
	to <- prometheus.MustNewConstMetric(blobsDesc, prometheus.GaugeValue, float64(h.BlobBytes))
}
