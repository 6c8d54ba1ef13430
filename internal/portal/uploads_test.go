package portal_test

import (
	"crypto/sha256"
	"encoding/hex"
	"testing"
	"time"

	"github.com/rhumb-gis/rhumb/internal/portal"
)

func TestUploadsThatWereGivenUpAreDropped(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.setUp(t)
	r.newMember(t, "ada")
	ada := portal.Caller{Username: "ada"}
	at := func(it *portal.Item) portal.ItemRef { return portal.ItemRef{Owner: "ada", ID: it.ID} }
	open := func(name string) *portal.Item {
		t.Helper()
		it, err := r.AddItem(t.Context(), ada, portal.NewItem{Owner: "ada", Parts: true, FileName: name, Fields: portal.ItemFields{Title: &name, Type: new("CSV")}})
		if err != nil {
			t.Fatal(err)
		}
		return it
	}
	part := func(it *portal.Item, n int, content string) {
		t.Helper()
		sum := sha256.Sum256([]byte(content))
		b := portal.Blob{Hash: hex.EncodeToString(sum[:]), Size: int64(len(content)), Inline: []byte(content)}
		if _, err := r.AddPart(t.Context(), ada, at(it), n, portal.File{Blob: b}); err != nil {
			t.Fatal(err)
		}
	}
	idle, busy := open("idle.csv"), open("busy.csv")
	part(idle, 1, "one")
	part(busy, 1, "two")
	r.clock.Advance(6 * 24 * time.Hour)
	part(busy, 2, "three")
	if n, err := r.DropIdleUploads(t.Context()); n != 0 || err != nil {
		t.Fatalf("within a week: %d, %v", n, err)
	}
	r.clock.Advance(2 * 24 * time.Hour)
	if n, err := r.DropIdleUploads(t.Context()); n != 1 || err != nil {
		t.Fatalf("after a week: %d, %v", n, err)
	}
	if parts, err := r.UploadParts(t.Context(), ada, at(idle)); len(parts) != 0 || err != nil {
		t.Errorf("the one that was given up has parts %v, %v", parts, err)
	}
	if it, err := r.ItemStatus(t.Context(), ada, at(idle)); err != nil || it.Status != portal.StatusCompleted {
		t.Errorf("its item: %+v, %v", it, err)
	}
	if _, err := r.CommitUpload(t.Context(), ada, at(busy), portal.ItemUpdate{}); err != nil {
		t.Errorf("the one under way: %v", err)
	}
}
