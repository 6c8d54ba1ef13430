package member

import (
	"context"
	"encoding/json"
	"io"
)

// reportProduct is a license in the JSON form of a report.
type reportProduct struct {
	Title    string         `json:"title"`
	ItemID   string         `json:"itemId"`
	Trial    bool           `json:"trial"`
	End      int64          `json:"end"` // milliseconds; -1: never
	MaxUsers int            `json:"maxUsers"`
	Users    int            `json:"users"`
	Seats    map[string]int `json:"seats"`
	Assigned map[string]int `json:"assigned"`
}

// WriteJSON writes {"products": [...], "members": [...], "notes": [...]}, members as they are
// read. Times are milliseconds since 1970, -1 for never; a number of seats of -1 is no limit.
func (r *Report) WriteJSON(ctx context.Context, w io.Writer) error {
	products := []reportProduct{}
	for _, p := range r.Products {
		products = append(products, reportProduct{
			p.Title, string(p.ItemID), p.Trial, p.End.Millis(), p.MaxUsers, p.Users(), p.Seats, p.Assigned,
		})
	}
	head, err := json.Marshal(products)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(w, `{"products":`+string(head)+",\n\"members\":["); err != nil {
		return err
	}
	comma := "\n"
	for row, err := range r.Rows(ctx) {
		if err != nil {
			return err
		}
		b, err := json.Marshal(row)
		if err != nil {
			return err
		}
		if _, err := w.Write(append([]byte(comma), b...)); err != nil {
			return err
		}
		comma = ",\n"
	}
	notes, err := json.Marshal(append([]string{}, r.Notes...))
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, "\n],\n\"notes\":"+string(notes)+"}\n")
	return err
}
