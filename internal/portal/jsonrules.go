package portal

import (
	"encoding/json"
	"fmt"
)

// maxDepth is how deep the JSON that clients leave with objects may nest. Readers in other
// languages give up at a thousand levels, and everybody who lists the object would meet it.
const maxDepth = 100

// checkDepth refuses valid JSON that nests too deep.
func checkDepth(param string, doc json.RawMessage) error {
	depth, inText := 0, false
	for i := 0; i < len(doc); i++ {
		switch c := doc[i]; {
		case inText && c == '\\':
			i++
		case c == '"':
			inText = !inText
		case inText:
		case c == '{' || c == '[':
			if depth++; depth > maxDepth {
				return ErrBadParam(param, fmt.Sprintf("must nest at most %d levels", maxDepth))
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return nil
}
