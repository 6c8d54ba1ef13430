package command

import (
	"context"
	"errors"
	"fmt"
	"testing"
)

func TestCodeOf(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		err  error
		want int
	}{
		{"done", nil, 0},
		{"failed", errors.New("x"), 1},
		{"usage", fmt.Errorf("wrapped: %w", Usage("x")), 6},
		{"own", &ExitError{Code: 3}, 3},
		{"own, wrapped", fmt.Errorf("wrapped: %w", &ExitError{Code: 4, Err: errors.New("x")}), 4},
		{"cancelled", fmt.Errorf("wrapped: %w", context.Canceled), 130},
		{"own wins over cancelled", &ExitError{Code: 3, Err: context.Canceled}, 3},
		{"out of time", context.DeadlineExceeded, 1},
	}
	for _, tt := range tests {
		if got := CodeOf(tt.err); got != tt.want {
			t.Errorf("%s: got %d, want %d", tt.name, got, tt.want)
		}
	}
}
