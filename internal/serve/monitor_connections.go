package serve

import "github.com/prometheus/client_golang/prometheus"

// callers tells how many connections are open, and what became of those for which there was no
// room.
type callers struct{ conns *connections }

var (
	openDesc    = prometheus.NewDesc("rhumb_connections_open", "Connections of callers that are open.", nil, nil)
	mostDesc    = prometheus.NewDesc("rhumb_connections_limit", "Connections that may be open at once.", nil, nil)
	droppedDesc = prometheus.NewDesc("rhumb_connections_dropped_total", "Idle connections that gave way to new ones.", nil, nil)
	refusedDesc = prometheus.NewDesc("rhumb_connections_refused_total", "Connections refused because their address held its share.", nil, nil)
)

// Describe implements [prometheus.Collector].
func (c callers) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{openDesc, mostDesc, droppedDesc, refusedDesc} {
		to <- d
	}
}

// Collect implements [prometheus.Collector].
func (c callers) Collect(to chan<- prometheus.Metric) {
	n := c.conns.count()
	to <- prometheus.MustNewConstMetric(openDesc, prometheus.GaugeValue, float64(n.open))
	to <- prometheus.MustNewConstMetric(mostDesc, prometheus.GaugeValue, float64(c.conns.most))
	to <- prometheus.MustNewConstMetric(droppedDesc, prometheus.CounterValue, float64(n.dropped))
	to <- prometheus.MustNewConstMetric(refusedDesc, prometheus.CounterValue, float64(n.refused))
}
