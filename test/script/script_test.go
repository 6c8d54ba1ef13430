package script

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/rhumb-gis/rhumb/internal/cli"
	"github.com/rhumb-gis/rhumb/internal/cli/command"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"rhumb": func() { os.Exit(cli.Main(context.Background(), os.Args[1:], command.System())) },
	})
}

func TestScripts(t *testing.T) {
	t.Parallel()
	entries, err := os.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !e.IsDir() {
			t.Errorf("testdata/%s is in no noun's folder, so that it would not run", e.Name())
			continue
		}
		t.Run(e.Name(), func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join("testdata", e.Name())
			if stories, err := filepath.Glob(filepath.Join(dir, "*.txtar")); err != nil || len(stories) == 0 {
				t.Fatalf("%s holds no story: %v", dir, err)
			}
			testscript.Run(t, testscript.Params{
				Dir:                 dir,
				RequireExplicitExec: true,
				RequireUniqueNames:  true,
				Setup: func(env *testscript.Env) error {
					env.Values[portalsKey{}] = map[string]*served{}
					return nil
				},
				Cmds: map[string]func(*testscript.TestScript, bool, []string){
					"exits":  exits,
					"portal": portal,
					"post":   post,

					"signin":    signin,
					"itemid":    itemid,
					"fill":      fill,
					"interrupt": interrupt,
				},
			})
		})
	}
}
