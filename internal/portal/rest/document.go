package rest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
)

// docNode is one value of a JSON document as a page shows it; fields keep their order.
type docNode struct {
	Kind   string // object, list, text or word (number, true, false, null)
	Text   string
	Link   string
	Fields []docField
	Items  []*docNode
}

type docField struct {
	Name  string
	Value *docNode
}

// parseDocument turns an answer into what a page shows.
func (a *answer) parseDocument(v any) (*docNode, error) {
	b, err := marshal(v, false)
	if err != nil {
		return nil, err
	}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.UseNumber()
	n, err := readNode(dec)
	if err != nil {
		return nil, err
	}
	a.addLinks(n)
	return n, nil
}

func readNode(dec *json.Decoder) (*docNode, error) {
	tok, err := dec.Token()
	if err != nil {
		return nil, err
	}
	switch t := tok.(type) {
	case json.Delim:
		if t == '{' {
			return readObject(dec)
		}
		return readList(dec)
	case string:
		return &docNode{Kind: "text", Text: t}, nil
	case json.Number:
		return &docNode{Kind: "word", Text: t.String()}, nil
	case bool:
		if t {
			return &docNode{Kind: "word", Text: "true"}, nil
		}
		return &docNode{Kind: "word", Text: "false"}, nil
	case nil:
		return &docNode{Kind: "word", Text: "null"}, nil
	}
	return nil, errors.New("unknown JSON token")
}

func readObject(dec *json.Decoder) (*docNode, error) {
	n := &docNode{Kind: "object"}
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return nil, err
		}
		v, err := readNode(dec)
		if err != nil {
			return nil, err
		}
		key, _ := name.(string)
		n.Fields = append(n.Fields, docField{key, v})
	}
	return n, closing(dec)
}

func readList(dec *json.Decoder) (*docNode, error) {
	n := &docNode{Kind: "list"}
	for dec.More() {
		v, err := readNode(dec)
		if err != nil {
			return nil, err
		}
		n.Items = append(n.Items, v)
	}
	return n, closing(dec)
}

func closing(dec *json.Decoder) error {
	if _, err := dec.Token(); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}

// addLinks makes names of members, items and groups, and addresses of this portal, into links.
func (a *answer) addLinks(n *docNode) {
	for _, c := range n.Items {
		a.addLinks(c)
	}
	for _, f := range n.Fields {
		a.addLinks(f.Value)
		if f.Value.Kind != "text" || f.Value.Text == "" {
			continue
		}
		switch {
		case strings.HasPrefix(f.Value.Text, a.base+"/"):
			f.Value.Link = f.Value.Text
		case f.Name == "username" || f.Name == "owner":
			f.Value.Link = a.href("sharing/rest/community/users/" + f.Value.Text)
		case f.Name == "id" && n.has("type") && n.has("owner"):
			f.Value.Link = a.href("sharing/rest/content/items/" + f.Value.Text)
		case f.Name == "id" && n.has("isInvitationOnly"):
			f.Value.Link = a.href("sharing/rest/community/groups/" + f.Value.Text)
		}
	}
}

func (n *docNode) has(name string) bool {
	for _, f := range n.Fields {
		if f.Name == name {
			return true
		}
	}
	return false
}
