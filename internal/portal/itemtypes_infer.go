package portal

import (
	"bytes"
	"context"
	"errors"
	"io"
	"path"
	"strings"
)

// typesByExtension holds the types that follow from a file's name alone.
var typesByExtension = map[string]string{
	".aptx": "Project Template", ".bmp": "Image", ".bpk": "Basemap Package", ".csv": "CSV", ".dlpk": "Deep Learning Package", ".doc": "Microsoft Word",
	".docx": "Microsoft Word", ".dwg": "CAD Drawing", ".esriaddin": "Desktop Add In", ".esriaddinx": "ArcGIS Pro Add In",
	".gcpk": "Locator Package", ".geodatabase": "SQLite Geodatabase", ".geojson": "GeoJson", ".gif": "Image", ".gml": "GML",
	".gpk": "Geoprocessing Package", ".gpkg": "GeoPackage", ".gpkx": "Geoprocessing Package (Pro version)", ".ipynb": "Notebook",
	".jpeg": "Image", ".jpg": "Image", ".key": "Iwork Keynote", ".kml": "KML", ".kmz": "KML", ".lpk": "Layer Package",
	".lpkx": "Layer Package", ".lyr": "Layer", ".lyrx": "Layer", ".mapx": "Pro Map", ".mmpk": "Mobile Map Package",
	".mpk": "Map Package", ".mpkx": "Map Package", ".mspk": "Mobile Scene Package", ".mxd": "Map Document", ".numbers": "Iwork Numbers",
	".pages": "Iwork Pages", ".parquet": "Apache Parquet", ".pdf": "PDF", ".png": "Image", ".ppkx": "Project Package",
	".ppt": "Microsoft Powerpoint", ".pptx": "Microsoft Powerpoint", ".rpk": "Rule Package", ".sd": "Service Definition",
	".slpk": "Scene Package", ".stylx": "Desktop Style", ".tif": "Image", ".tiff": "Image", ".tpk": "Tile Package",
	".tpkx": "Compact Tile Package", ".vsd": "Visio Document", ".vsdx": "Visio Document", ".vtpk": "Vector Tile Package",
	".wmpk": "Windows Mobile Package", ".xls": "Microsoft Excel", ".xlsx": "Microsoft Excel",
}

// inferType tells the type of an item from the name of its file and, for archives and JSON,
// from the content; empty where it does not follow.
func (p *Portal) inferType(ctx context.Context, name string, blobs []Blob) (string, error) {
	ext := strings.ToLower(path.Ext(name))
	if t := typesByExtension[ext]; t != "" {
		return t, nil
	}
	if ext != ".zip" && ext != ".json" {
		return "", nil
	}
	r, err := p.openData(ctx, blobs)
	if err != nil {
		return "", err
	}
	defer r.Close()
	if ext == ".zip" {
		return typeOfArchive(r)
	}
	head := make([]byte, 4<<10)
	n, err := io.ReadFull(r, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return "", err
	}
	if bytes.Contains(head[:n], []byte(`"FeatureCollection"`)) {
		return "GeoJson", nil
	}
	return "", nil
}

// typeOfArchive looks at the names inside a zip archive. What cannot be read as one has no
// type that would follow.
func typeOfArchive(r io.ReadSeeker) (string, error) {
	z, err := openArchive(r)
	if err != nil {
		if isRefusal(err) {
			err = nil
		}
		return "", err
	}
	files, tables := 0, 0
	for _, f := range z.File {
		name := strings.ToLower(strings.ReplaceAll(f.Name, `\`, "/"))
		switch {
		case strings.Contains(name, ".gdb/"):
			return "File Geodatabase", nil
		case strings.HasSuffix(name, ".shp"):
			return "Shapefile", nil
		case strings.HasSuffix(name, "/"):
			continue
		case strings.HasSuffix(name, ".csv"):
			tables++
		}
		files++
	}
	if tables > 0 && tables == files {
		return "CSV Collection", nil
	}
	return "", nil
}
