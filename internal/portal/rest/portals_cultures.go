package rest

import (
	"context"
	"strings"
)

// languages answers [{language, culture, cultureFormats}]: what members may choose.
func (s *Server) languages(context.Context, *Request) (any, error) {
	formats := []Object{{"format": "us", "name": "United States"}, {"format": "uk", "name": "United Kingdom"}}
	var out []Object
	for line := range strings.Lines(languageList) {
		culture, name, ok := strings.Cut(strings.TrimSpace(line), " ")
		if !ok {
			continue
		}
		o := Object{"language": name, "culture": culture, "cultureFormats": []Object{}}
		if culture == "en" {
			o["cultureFormats"] = formats
		}
		out = append(out, o)
	}
	return out, nil
}

// regions answers [{name, region}]: the world and the countries by code.
func (s *Server) regions(context.Context, *Request) (any, error) {
	var out []Object
	for line := range strings.Lines(regionList) {
		if region, name, ok := strings.Cut(strings.TrimSpace(line), " "); ok {
			out = append(out, Object{"name": name, "region": region, "localizedName": name})
		}
	}
	return out, nil
}
