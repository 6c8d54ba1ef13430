package rest

import (
	"mime"
	"net/http"
	"strings"
)

// bytesPolicy keeps a file from doing anything in a browser, were it shown there.
const bytesPolicy = "default-src 'none'; base-uri 'none'; style-src 'unsafe-inline'; img-src 'self' data:; media-src 'self'; sandbox"

// serveBytes answers with a file: ranges, validators, and headers that keep it inert.
func serveBytes(w http.ResponseWriter, hr *http.Request, b *Bytes) {
	defer b.Reader.Close()
	kind := contentType(b.ContentType)
	hd := w.Header()
	hd.Set("Content-Type", kind)
	hd.Set("Content-Security-Policy", bytesPolicy)
	hd.Set("Cross-Origin-Resource-Policy", "cross-origin")
	hd.Add("Vary", "Authorization, X-Esri-Authorization")
	if b.Public {
		hd.Set("Cache-Control", "public, max-age=0, must-revalidate")
	} else {
		// Not even the browser of the caller: whoever sits down at the machine later could find it
		// there. Callers that keep files of their own ask by ETag whether they still hold.
		hd.Set("Cache-Control", "private, no-store")
	}
	if d := disposition(b.Attachment || isActive(kind), b.Name); d != "" {
		hd.Set("Content-Disposition", d)
	}
	if b.ETag != "" && !strings.ContainsAny(b.ETag, "\"\r\n") {
		hd.Set("ETag", `"`+b.ETag+`"`)
	}
	http.ServeContent(w, hr, "", b.Modified, b.Reader)
}

// contentType is the stored type where it is well formed.
func contentType(s string) string {
	kind, params, err := mime.ParseMediaType(s)
	if err != nil || !strings.Contains(kind, "/") {
		return "application/octet-stream"
	}
	if f := mime.FormatMediaType(kind, params); f != "" {
		return f
	}
	return kind
}

// isActive reports whether browsers may run or style what a type holds.
func isActive(contentType string) bool {
	kind, _, _ := strings.Cut(contentType, ";")
	switch kind = strings.TrimSpace(strings.ToLower(kind)); kind {
	case "text/html", "text/xml", "application/xml", "text/xsl", "application/x-shockwave-flash":
		return true
	}
	return strings.HasSuffix(kind, "+xml") || strings.HasPrefix(kind, "multipart/") || strings.HasPrefix(kind, "message/")
}

// disposition names a file in both forms of RFC 6266: plain ASCII for old clients, and UTF-8
// where that loses something.
func disposition(attachment bool, name string) string {
	kind := "inline"
	if attachment {
		kind = "attachment"
	}
	if name == "" {
		if attachment {
			return kind
		}
		return ""
	}
	var plain, full strings.Builder
	for _, c := range strings.ToValidUTF8(name, "_") {
		switch {
		case c < 0x20 || c == 0x7f:
			plain.WriteByte('_')
			full.WriteByte('_')
			continue
		case c > 0x7e || c == '"' || c == '\\' || c == '/' || c == '%':
			plain.WriteByte('_')
		default:
			plain.WriteRune(c)
		}
		escape(&full, string(c))
	}
	d := kind + `; filename="` + plain.String() + `"`
	if plain.String() != name {
		d += "; filename*=UTF-8''" + full.String()
	}
	return d
}

// escape writes the bytes of s as RFC 5987 allows them.
func escape(b *strings.Builder, s string) {
	const hex = "0123456789ABCDEF"
	for i := range len(s) {
		c := s[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("!#$&+-.^_`|~", c) >= 0 {
			b.WriteByte(c)
			continue
		}
		b.WriteByte('%')
		b.WriteByte(hex[c>>4])
		b.WriteByte(hex[c&15])
	}
}
