package script

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os/exec"
	"strings"
	"syscall"

	"github.com/rogpeppe/go-internal/testscript"
)

// call posts a form and decodes the answer.
func call(ts *testscript.TestScript, address string, form url.Values, into any) {
	body := send(ts, address, form)
	defer body.Close()
	ts.Check(json.NewDecoder(body).Decode(into))
}

// signin is the command signin.
func signin(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: signin ADDRESS USER PASSWORD")
	}
	var answer struct{ Token string }
	call(ts, args[0]+"/sharing/rest/generateToken", url.Values{"username": {args[1]}, "password": {args[2]}, "client": {"requestip"}}, &answer)
	if answer.Token == "" {
		ts.Fatalf("%s did not sign %s in", args[0], args[1])
	}
	ts.Setenv("TOKEN", answer.Token)
}

// itemid is the command itemid.
func itemid(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: itemid ADDRESS TITLE")
	}
	var answer struct {
		Items []struct{ ID, Title string }
	}
	call(ts, args[0]+"/sharing/rest/content/users/admin", url.Values{"token": {ts.Getenv("TOKEN")}}, &answer)
	for _, it := range answer.Items {
		if it.Title == args[1] {
			ts.Setenv("ITEM", it.ID)
			return
		}
	}
	ts.Fatalf("admin has no item %s", args[1])
}

// fill is the command fill.
func fill(ts *testscript.TestScript, neg bool, args []string) {
	var n int
	if neg || len(args) != 2 {
		ts.Fatalf("usage: fill ADDRESS N")
	}
	_, err := fmt.Sscan(args[1], &n)
	ts.Check(err)
	for i := range n {
		var answer struct{ Success bool }
		call(ts, args[0]+"/sharing/rest/content/users/admin/addItem", url.Values{
			"token": {ts.Getenv("TOKEN")}, "title": {fmt.Sprint("Map ", i)}, "type": {"Web Map"}, "text": {`{}`},
		}, &answer)
		if !answer.Success {
			ts.Fatalf("item %d was not made", i)
		}
	}
}

// interrupt is the command interrupt.
func interrupt(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 || args[1] != "rhumb" {
		ts.Fatalf("usage: interrupt PHASE rhumb ARG... --json")
	}
	cmd := exec.Command(program(ts), args[2:]...)
	cmd.Dir = ts.MkAbs(".")
	for _, k := range []string{"PATH", "HOME", "WORK", "TMPDIR", "GOCOVERDIR", "RHUMB_FROM_USER", "RHUMB_FROM_PASSWORD", "RHUMB_TO_USER", "RHUMB_TO_PASSWORD"} {
		cmd.Env = append(cmd.Env, k+"="+ts.Getenv(k))
	}
	cmd.Stderr = ts.Stderr()
	out, err := cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	sent := false
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if !sent && strings.Contains(lines.Text(), `"type":"object"`) && strings.Contains(lines.Text(), `"phase":"`+args[0]+`"`) {
			sent = true
			ts.Check(cmd.Process.Signal(syscall.SIGINT))
		}
	}
	err = cmd.Wait()
	var exit *exec.ExitError
	if !sent || !errors.As(err, &exit) || exit.ExitCode() != 130 {
		ts.Fatalf("interrupted in the phase %s: %v; it ended with %v", args[0], sent, err)
	}
}
