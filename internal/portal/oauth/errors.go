package oauth

// Texts of the pages that clients look for.
const (
	badSignInText = "Invalid username or password."
	tooManyText   = "Too many invalid attempts. Please try again later."
)

// Error is a failure of an OAuth2 operation; its envelope carries the standard's names.
type Error struct {
	Code        int
	Name        string // invalid_request, invalid_grant and the like
	Description string
}

func (e *Error) Error() string { return e.Name + ": " + e.Description }

// Envelope returns the REST code and the JSON document of the error.
func (e *Error) Envelope() (code int, envelope any) {
	type body struct {
		Code        int      `json:"code"`
		Name        string   `json:"error"`
		Description string   `json:"error_description"`
		Message     string   `json:"message"`
		Details     []string `json:"details"`
	}
	return e.Code, map[string]body{"error": {e.Code, e.Name, e.Description, e.Description, []string{}}}
}

func invalidRequest(why string) error { return &Error{400, "invalid_request", why} }
func invalidGrant(why string) error   { return &Error{400, "invalid_grant", why} }
