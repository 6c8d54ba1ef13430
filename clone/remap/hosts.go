package remap

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// addHosts adds the addresses of websites, each with a target of its own.
func (r *Rewriter) addHosts(hosts map[string]string) error {
	for _, text := range slices.Sorted(maps.Keys(hosts)) {
		from, err := parseAddress(text)
		if err != nil {
			return fmt.Errorf("remap: Hosts[%q] %w", text, err)
		}
		to, err := parseAddress(hosts[text])
		if err != nil {
			return fmt.Errorf("remap: Hosts[%q]: %q %w", text, hosts[text], err)
		}
		if from.key() == to.key() {
			continue
		}
		if strings.HasPrefix(from.key(), to.key()) || slices.Contains(onlineHosts, from.host) {
			return fmt.Errorf("remap: Hosts[%q]: cannot become %s", text, hosts[text])
		}
		for _, p := range from.patterns(false) {
			if slices.ContainsFunc(r.portals, func(q pattern) bool { return q.text == p.text }) {
				return fmt.Errorf("remap: Hosts[%q]: is an address of the source or target portal", text)
			}
			p.to = &to
			r.portals = append(r.portals, p)
		}
	}
	for _, text := range slices.Sorted(maps.Keys(hosts)) {
		if to, err := parseAddress(hosts[text]); err == nil && r.isSource([]byte(to.key())) && hosts[text] != text {
			return fmt.Errorf("remap: Hosts[%q] maps to %q, which is itself mapped", text, hosts[text])
		}
	}
	return nil
}

// sealPortals prepares the patterns for lookups.
func (r *Rewriter) sealPortals() {
	sortPatterns(r.portals)
	for i := range r.portals {
		p := &r.portals[i]
		if p.to == nil {
			p.to = &r.to
		}
		r.first[p.text[0]], r.first[upper(p.text[0])] = true, true
		r.lookahead = max(r.lookahead, len(p.text))
	}
}

func (r *Rewriter) addSites(sites map[string]string) error {
	r.sites = make(map[string]string, len(sites))
	for from, to := range sites {
		r.sites[strings.ToLower(from)] = to
	}
	return checkNames("Sites", r.sites)
}

// isHostTarget reports whether a website moves to a host.
func (r *Rewriter) isHostTarget(host string) bool {
	return slices.ContainsFunc(r.portals, func(p pattern) bool { return p.to.host == host })
}
