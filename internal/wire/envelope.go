package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
)

// envelope is what the top level of an answer may say about the request. Portals have four
// ways to report a failure with HTTP 200: an error object, success=false, status=error with
// messages (portaladmin), and a bare code with a message.
type envelope struct {
	Error            json.RawMessage `json:"error"`
	ErrorDescription string          `json:"error_description"`
	Success          json.RawMessage `json:"success"` // some products write it in quotes
	Status           json.RawMessage `json:"status"`
	StatusMessage    string          `json:"statusMessage"`
	Messages         json.RawMessage `json:"messages"`
	Code             number          `json:"code"`
	Message          string          `json:"message"`
	Reason           json.RawMessage `json:"reason"`
}

type portalError struct {
	Code             number          `json:"code"`
	MessageCode      string          `json:"messageCode"`
	Message          string          `json:"message"`
	Details          json.RawMessage `json:"details"`
	ErrorDescription string          `json:"error_description"`
	OAuth            string          `json:"error"`
}

// number accepts 400 and "400".
type number int

func (n *number) UnmarshalJSON(b []byte) error {
	v, err := strconv.ParseFloat(strings.Trim(string(b), `"`), 64)
	if err == nil {
		*n = number(v)
	}
	return nil
}

// suspicious finds the words without which an answer cannot report a failure, so that large
// pages are parsed once.
func suspicious(body []byte) bool {
	for _, word := range [...]string{`"error"`, `"success"`, `"status"`, `"code"`} {
		if bytes.Contains(body, []byte(word)) {
			return true
		}
	}
	return false
}

// failure reads the portal's own error out of a JSON body: nil where there is none.
func failure(body []byte, statusIsData bool) *Error {
	if !suspicious(body) {
		return nil
	}
	var env envelope
	if !decodes(body, &env) {
		return nil
	}
	if len(env.Error) > 0 && string(env.Error) != "null" {
		return fromErrorObject(env.Error, env.ErrorDescription)
	}
	if strings.EqualFold(strings.Trim(string(env.Success), `"`), "false") {
		if len(env.Reason) > 0 && env.Reason[0] == '{' {
			return fromErrorObject(env.Reason, "")
		}
		return &Error{Class: ClassPortal, Code: int(env.Code), Message: orElse(env.Message, "the portal answered that it did not succeed"), Body: body}
	}
	if env.Code >= 400 && env.Message != "" {
		return &Error{Class: ClassPortal, Code: int(env.Code), Message: env.Message, Body: body}
	}
	var status string
	if statusIsData || json.Unmarshal(env.Status, &status) != nil {
		return nil
	}
	switch strings.ToLower(status) {
	case "error", "failed", "failure":
		messages := textList(env.Messages)
		e := &Error{Class: ClassPortal, Code: int(env.Code), Message: env.StatusMessage, Body: body}
		if e.Message == "" && len(messages) > 0 {
			e.Message, messages = messages[0], messages[1:]
		}
		e.Message = orElse(e.Message, "the portal answered with status "+status)
		e.Details = messages
		return e
	}
	return nil
}

// fromErrorObject reads {"code":…}, and the bare word that OAuth endpoints answer.
func fromErrorObject(raw json.RawMessage, description string) *Error {
	var word string
	if json.Unmarshal(raw, &word) == nil {
		return &Error{Class: ClassPortal, Message: orElse(description, word), Body: raw}
	}
	var pe portalError
	if !decodes(raw, &pe) {
		return &Error{Class: ClassPortal, Message: "the portal answered an error that cannot be read", Body: raw}
	}
	e := &Error{Class: ClassPortal, Code: int(pe.Code), MessageCode: pe.MessageCode, Message: pe.Message, Body: raw}
	e.Message = orElse(e.Message, orElse(pe.ErrorDescription, orElse(pe.OAuth, "the portal gave no reason")))
	e.Details = textList(pe.Details)
	return e
}

// decodes reads what fits: a field of another type than expected stays empty.
func decodes(raw []byte, v any) bool {
	var mismatch *json.UnmarshalTypeError
	err := json.Unmarshal(raw, v)
	return err == nil || errors.As(err, &mismatch)
}

// textList reads a list of texts, a single text, or null.
func textList(raw json.RawMessage) []string {
	var many []any
	if json.Unmarshal(raw, &many) == nil {
		var texts []string
		for _, v := range many {
			if s, ok := v.(string); ok && s != "" {
				texts = append(texts, s)
			}
		}
		return texts
	}
	var one string
	if json.Unmarshal(raw, &one) == nil && one != "" {
		return []string{one}
	}
	return nil
}

func orElse(s, other string) string {
	if s != "" {
		return s
	}
	return other
}
