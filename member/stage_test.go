package member_test

import (
	"context"
	"log"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/gis/auth"
	"github.com/rhumb-gis/rhumb/portaltest"
)

// stage stands in for a test where there is none, in examples: it ends them with log.Fatal and
// cleans up when it is struck.
type stage struct {
	testing.TB // of which only the methods below are there
	cleanups   []func()
}

func (s *stage) Helper()                      {}
func (s *stage) Context() context.Context     { return context.Background() }
func (s *stage) Cleanup(f func())             { s.cleanups = append(s.cleanups, f) }
func (s *stage) Fatalf(f string, args ...any) { log.Fatalf(f, args...) }

func (s *stage) TempDir() string {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		log.Fatal(err)
	}
	s.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

func (s *stage) strike() {
	for _, f := range slices.Backward(s.cleanups) {
		f()
	}
}

// setStage starts a portal with ten seats of each level of ArcGIS Pro, and signs its
// administrator in.
func setStage() (p *gis.Portal, s *stage) {
	s = &stage{}
	portal := portaltest.Start(s, portaltest.WithLicenses(strings.NewReader(`{"products":[{"title":"ArcGIS Pro","entitlements":[
		{"name":"desktopBasicN","seats":10},{"name":"desktopStdN","seats":10},{"name":"desktopAdvN","seats":10},{"name":"spatialAnalystN","seats":10}]}]}`)))
	p, err := gis.New(portal.URL, auth.Password(portal.Admin, portal.AdminPassword))
	if err != nil {
		log.Fatal(err)
	}
	s.Cleanup(p.Close)
	return p, s
}
