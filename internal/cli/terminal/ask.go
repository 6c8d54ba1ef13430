package terminal

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"
)

// Ask puts a question and reports whether the answer is yes. Cancelling and the end of input are
// no.
func Ask(ctx context.Context, in io.Reader, out io.Writer, question string) bool {
	fmt.Fprintf(out, "%s [y/N] ", question)
	answer := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(in).ReadString('\n') // the end of input is no
		answer <- strings.ToLower(strings.TrimSpace(line))
	}()
	select {
	case a := <-answer:
		return a == "y" || a == "yes"
	case <-ctx.Done():
		fmt.Fprintln(out)
		return false
	}
}
