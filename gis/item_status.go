package gis

import (
	"context"
	"time"

	"github.com/rhumb-gis/rhumb/internal/wire"
)

// JobState is how far the portal is with an item or with a job about it.
type JobState string

// The states.
const (
	StatusPartial    JobState = "partial" // an upload in parts that was not committed
	StatusProcessing JobState = "processing"
	StatusFailed     JobState = "failed"
	StatusCompleted  JobState = "completed"
)

// StatusQuery names the job to ask about; the zero value asks about the item itself.
type StatusQuery struct {
	JobID   string
	JobType string // publish, generateFeatures, export or createService
}

// ItemStatus is the answer of [Item.Status].
type ItemStatus struct {
	State   JobState `json:"status"`
	Message string   `json:"statusMessage"`
}

// Status asks how far the portal is. A failed job is an answer, no error.
//
// rest: GET content/users/{username}/items/{id}/status
// rest: GET content/users/{username}/{folder}/items/{id}/status
// py: arcgis.gis.Item.status
func (it *Item) Status(ctx context.Context, q StatusQuery) (*ItemStatus, error) {
	r := it.request(wire.Read, "status").Text("jobId", q.JobID).Text("jobType", q.JobType).StatusIsData()
	var s ItemStatus
	if err := it.p.do(ctx, r, &s); err != nil {
		return nil, err
	}
	return &s, nil
}

// Times between two questions for a status.
const (
	firstPoll = 250 * time.Millisecond
	lastPoll  = 10 * time.Second
)

// settle waits until the portal has finished with the item. An upload that stays partial
// long after its commit is answered as such.
func (it *Item) settle(ctx context.Context) (*ItemStatus, error) {
	partial := 0
	for wait := firstPoll; ; wait = min(wait*3/2, lastPoll) {
		s, err := it.Status(ctx, StatusQuery{})
		if err != nil {
			return nil, err
		}
		switch s.State {
		case StatusCompleted, StatusFailed:
			return s, nil
		case StatusPartial:
			if partial++; partial > 10 {
				return s, nil
			}
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return nil, context.Cause(ctx)
		}
	}
}
