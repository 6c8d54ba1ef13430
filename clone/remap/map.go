package remap

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
)

// Map says what becomes what. Every id is 32 lower-case hexadecimal characters.
//
// An entry that maps something to itself declares it known: it is neither rewritten nor
// reported. No target may otherwise be a source as well, or rewriting twice would differ
// from rewriting once; [New] refuses such a map.
type Map struct {
	Items, Groups, Folders map[string]string

	// Users maps account names. Names are replaced only where text means an account: in
	// owner= parameters and /users/ paths of source portal URLs, and in owner: clauses of
	// URLs and of values whose key ends in "query".
	Users map[string]string

	// OrgIDs maps organization ids. They are replaced as values of keys such as orgId, in
	// orgid: and accountid: clauses and in /portals/ paths of source portal URLs.
	OrgIDs map[string]string

	// ClientIDs maps the client ids of registered applications. They are replaced as values of
	// keys and parameters such as clientId and client_id; those of 16 characters and more, which
	// are random, wherever they stand alone.
	ClientIDs map[string]string

	// Lacking names objects of the source that should have a counterpart and have none, because
	// their copying failed: id to KindItem, KindGroup or KindFolder. References to them are
	// reported wherever they stand.
	Lacking map[string]Kind

	// Hosts maps addresses of websites of the organization, such as those of Hub sites, to others:
	// https://parks-city.hub.arcgis.com. Source addresses belong in Source.
	Hosts map[string]string

	// Sites maps the subdomains of Enterprise sites, as in /apps/sites/#/parks.
	Sites map[string]string

	// Source lists every known address of the source portal, the canonical one
	// (https://host/context) first. Schemes, default ports and a trailing /home or
	// /sharing/rest do not matter; of a host without port the internal addresses
	// :7443/arcgis and :7080/arcgis are known too.
	Source []string

	// Target is the canonical address of the target portal. Required when Source is given.
	Target string

	// Services are the services that have a counterpart on the target.
	Services []Service

	// ServiceRoots are the roots of the source's hosted services, such as
	// https://services.arcgis.com/<org>/arcgis/rest/services.
	ServiceRoots []string
}

// Service maps the address of one service, up to and including its .../FeatureServer.
type Service struct {
	From, To string
	// Item is the id of the service's item on the source, by which apps name its layers; it
	// may be empty.
	Item string
	// Layers maps layer and table numbers; nil keeps them. In a map that is not nil a
	// number that is missing has no counterpart and is reported.
	Layers map[int]int
}

// A Rewriter applies one [Map]. It is immutable and safe for concurrent use.
type Rewriter struct {
	ids       map[[idLen / 2]byte]target
	users     map[string]string // by lower-case name
	orgs      map[string]string
	clients   map[string]string
	sites     map[string]string               // by lower-case name
	layers    map[[idLen / 2]byte]map[int]int // of services that renumber, by their items
	portals   []pattern                       // longest first
	first     [256]bool                       // first bytes of portals
	to        address
	repeats   []string // see extend
	services  map[string]service
	roots     []pattern       // of the source's hosted services, longest first
	lookahead int             // longest stretch that one decision of Scan looks at
	shortest  int             // strings below this length hold nothing
	renumbers bool            // some service has other layer numbers
	folders   map[string]bool // ids of folders on the target
	named     bool            // accounts or organizations are mapped
	bare      bool            // an address may stand without scheme and slashes
}

// idLen is the length of an item, group or folder id.
const idLen = 32

// target is where an id leads.
type target struct {
	id      [idLen / 2]byte
	kind    Kind
	lacking bool
}

type service struct {
	to     address
	keep   bool // maps to itself
	layers map[int]int
}

// New checks m and prepares it. The error names the field and the entry at fault.
func New(m Map) (*Rewriter, error) {
	r := &Rewriter{
		ids:      make(map[[idLen / 2]byte]target, len(m.Items)+len(m.Groups)+len(m.Folders)),
		orgs:     maps.Clone(m.OrgIDs),
		clients:  maps.Clone(m.ClientIDs),
		services: make(map[string]service, len(m.Services)),
	}
	r.folders = make(map[string]bool, len(m.Folders))
	for _, id := range m.Folders {
		r.folders[id] = true
	}
	err := errors.Join(
		r.addIDs("Items", KindItem, m.Items),
		r.addIDs("Groups", KindGroup, m.Groups),
		r.addIDs("Folders", KindFolder, m.Folders),
		r.checkIDs(),
		r.addLacking(m.Lacking),
		r.addUsers(m.Users),
		checkNames("OrgIDs", m.OrgIDs),
		checkNames("ClientIDs", m.ClientIDs),
		r.addSites(m.Sites),
		r.addPortals(m.Source, m.Target),
		r.addHosts(m.Hosts),
		r.addServices(m.Services),
		r.addRoots(m.ServiceRoots),
	)
	if err != nil {
		return nil, err
	}
	r.sealPortals()
	r.named = len(r.users)+len(r.orgs)+len(r.clients) > 0
	r.shortest = shortestService
	for _, p := range r.portals {
		r.shortest = min(r.shortest, len(p.text))
		r.bare = r.bare || p.bare
	}
	return r, nil
}

// shortestService is the length of //h/services/GPServer, below which neither ids nor service
// addresses exist.
const shortestService = 21

// mayHit is a quick look that tells most texts without a hit from others.
func (r *Rewriter) mayHit(text []byte) bool {
	switch {
	case r.named:
		return true
	case len(text) < r.shortest:
		return false
	case r.bare && (bytes.IndexByte(text, '.') >= 0 || bytes.IndexByte(text, ':') >= 0),
		bytes.IndexByte(text, '/') >= 0, bytes.IndexByte(text, '%') >= 0,
		bytes.IndexByte(text, '\\') >= 0, bytes.IndexByte(text, '&') >= 0:
		return true
	}
	for i := idLen - 1; i < len(text); i += idLen { // a run of 32 covers one of these
		if hexValue[text[i]] != noHex {
			from, to := i, i
			for from > 0 && hexValue[text[from-1]] != noHex {
				from--
			}
			for to < len(text) && hexValue[text[to]] != noHex {
				to++
			}
			if to-from >= idLen {
				return true
			}
		}
	}
	return false
}

func (r *Rewriter) addIDs(field string, kind Kind, ids map[string]string) error {
	for _, from := range slices.Sorted(maps.Keys(ids)) {
		to := ids[from]
		for _, id := range []string{from, to} {
			if !esri.IsID(id) {
				return fmt.Errorf("remap: %s[%q]: %q is not 32 lower-case hexadecimal characters", field, from, id)
			}
		}
		k, v := packID([]byte(from)), packID([]byte(to))
		if had, ok := r.ids[k]; ok && had.id != v {
			return fmt.Errorf("remap: %s[%q]: already mapped as %s to another id", field, from, had.kind)
		}
		r.ids[k] = target{id: v, kind: kind}
	}
	return nil
}

// checkIDs makes sure that no target is a source, unless it maps to itself.
func (r *Rewriter) checkIDs() error {
	for from, t := range r.ids {
		if next, ok := r.ids[t.id]; ok && next.id != t.id {
			return fmt.Errorf("remap: %s %x maps to %x, which is itself a source id", t.kind, from, t.id)
		}
	}
	return nil
}

func (r *Rewriter) addLacking(ids map[string]Kind) error {
	for _, id := range slices.Sorted(maps.Keys(ids)) {
		kind := ids[id]
		if !esri.IsID(id) {
			return fmt.Errorf("remap: Lacking[%q]: not 32 lower-case hexadecimal characters", id)
		}
		if kind != KindItem && kind != KindGroup && kind != KindFolder {
			return fmt.Errorf("remap: Lacking[%q]: %q is not a kind of object", id, kind)
		}
		k := packID([]byte(id))
		if had, ok := r.ids[k]; ok {
			return fmt.Errorf("remap: Lacking[%q]: is mapped as %s", id, had.kind)
		}
		r.ids[k] = target{id: k, kind: kind, lacking: true}
	}
	return nil
}

func (r *Rewriter) addUsers(users map[string]string) error {
	r.users = make(map[string]string, len(users))
	for from, to := range users {
		r.users[strings.ToLower(from)] = to
	}
	if len(r.users) != len(users) {
		return errors.New("remap: Users: two names differ only in case")
	}
	return checkNames("Users", r.users)
}

// checkNames refuses empty names and chains a -> b -> c.
func checkNames(field string, names map[string]string) error {
	for _, from := range slices.Sorted(maps.Keys(names)) {
		to := names[from]
		if from == "" || to == "" {
			return fmt.Errorf("remap: %s[%q]: empty name", field, from)
		}
		for _, key := range []string{to, strings.ToLower(to)} {
			if next, ok := names[key]; ok && next != to {
				return fmt.Errorf("remap: %s[%q] maps to %q, which is itself mapped to %q", field, from, to, next)
			}
		}
	}
	return nil
}

// lookup finds what an id of 32 hexadecimal characters leads to. One that is lacking leads nowhere.
func (r *Rewriter) lookup(id []byte) (t target, self, ok bool) {
	k := packID(id)
	t, ok = r.ids[k]
	return t, t.id == k, ok && !t.lacking
}

// layersOf finds the layer numbers of a service whose item moves.
func (r *Rewriter) layersOf(id []byte) (map[int]int, bool) {
	if _, self, ok := r.lookup(id); !ok || self {
		return nil, false
	}
	layers, ok := r.layers[packID(id)]
	return layers, ok
}

// packID folds 32 hexadecimal characters of any case into 16 bytes.
func packID(id []byte) (k [idLen / 2]byte) {
	for i := range k {
		k[i] = hexValue[id[2*i]]<<4 | hexValue[id[2*i+1]]
	}
	return k
}
