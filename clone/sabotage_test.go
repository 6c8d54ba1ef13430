package clone_test

import (
	"bufio"
	"encoding/json"
	"io"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/rhumb-gis/rhumb/clone"
	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// row is one line of compared.tsv.
type row struct{ object, property, compared, reason string }

func comparedRows(t *testing.T) []row {
	t.Helper()
	f, err := os.Open("testdata/compared.tsv")
	ok(t, err)
	defer f.Close()
	var rows []row
	for s := bufio.NewScanner(f); s.Scan(); {
		if line := s.Text(); line != "" && !strings.HasPrefix(line, "#") {
			c := strings.Split(line, "\t")
			if len(c) != 4 {
				t.Fatalf("compared.tsv: %q has %d columns, want 4", line, len(c))
			}
			rows = append(rows, row{c[0], c[1], c[2], c[3]})
		}
	}
	return rows
}

// sabotage changes one compared property on the target, behind rhumb's back.
type sabotage struct {
	path   string // below sharing/rest; {ada}, {group}, {map}, {app}, {file}, {layer}, {plain}, {folder} and {role} stand for names on the target
	params url.Values
	alter  func(map[string]any, func(string) string) // changes the answer for path, where no call can change the state
	do     func(t *testing.T, s *saboteur)
}

// saboteur knows the target's names.
type saboteur struct {
	p     *pair
	token string
	names map[string]string

	before []clone.Difference // what the latest verification found
}

func newSaboteur(t *testing.T, p *pair) *saboteur {
	if p.form == nil {
		p.form, p.registered = &gis.Item{}, &gis.Item{}
	}
	items, groups := p.mapping(t, clone.KindItem), p.mapping(t, clone.KindGroup)
	return &saboteur{p: p, token: p.dst.AdminToken(t), names: map[string]string{
		"ada": "ada_lovelace", "grace": "grace_hopper", "admin": p.dst.Admin,
		"group": groups[string(p.group.ID)], "other": groups[string(p.other.ID)],
		"map": items[string(p.webmap.ID)], "app": items[string(p.app.ID)], "file": items[string(p.file.ID)],
		"layer": items[string(p.layer.ID)], "plain": items[string(p.plainly.ID)], "spare": items[string(p.spare.ID)], "second": items[string(p.second.ID)],
		"form": items[string(p.form.ID)], "registered": items[string(p.registered.ID)], "sourceLayer": string(p.layer.ID),
		"folder": p.mapping(t, clone.KindFolder)[string(p.folder.ID)], "role": p.mapping(t, clone.KindRole)[string(p.role.ID)],
	}}
}

func (s *saboteur) fill(text string) string {
	for k, v := range s.names {
		text = strings.ReplaceAll(text, "{"+k+"}", v)
	}
	return text
}

// call posts to the target and fails the test unless the portal did what it was told.
func (s *saboteur) call(t *testing.T, path string, params url.Values) {
	t.Helper()
	form := url.Values{}
	for k, vs := range params {
		for _, v := range vs {
			form.Add(k, s.fill(v))
		}
	}
	doc := s.p.dst.Call(t, s.token, "sharing/rest/"+s.fill(path), form)
	b, _ := json.Marshal(doc)
	refused, _ := doc["notSharedWith"].([]any)
	if doc["error"] != nil || len(refused) > 0 || strings.Contains(string(b), `"success":false`) {
		t.Fatalf("%s: %s", s.fill(path), b)
	}
}

const (
	mapUpdate  = "content/users/ada_lovelace/{folder}/items/{map}/update"
	fileUpdate = "content/users/grace_hopper/items/{file}/update"
	adaUpdate  = "community/users/ada_lovelace/update"
	groupSet   = "community/groups/{group}/update"
)

func set(path string, kv ...string) sabotage {
	v := url.Values{}
	for i := 0; i < len(kv); i += 2 {
		v.Set(kv[i], kv[i+1])
	}
	return sabotage{path: path, params: v}
}

// file posts one file part.
func file(path, field, name, content string, kv ...string) sabotage {
	return sabotage{do: func(t *testing.T, s *saboteur) {
		params := map[string]string{}
		for i := 0; i < len(kv); i += 2 {
			params[kv[i]] = s.fill(kv[i+1])
		}
		postFile(t, s, s.fill(path), params, field, name, []byte(content))
	}}
}

// sabotages has one entry for every row of compared.tsv that is compared.
func sabotages() map[string]sabotage {
	return map[string]sabotage{
		"member email":             set(adaUpdate, "email", "someone@example.org"),
		"member firstName":         set(adaUpdate, "firstName", "Augusta"),
		"member lastName":          set(adaUpdate, "lastName", "King"),
		"member fullName":          set(adaUpdate, "fullname", "The Countess"),
		"member description":       set(adaUpdate, "description", "changed"),
		"member tags":              set(adaUpdate, "tags", "analyst"),
		"member culture":           set(adaUpdate, "culture", "de"),
		"member cultureFormat":     set(adaUpdate, "cultureFormat", "us"),
		"member region":            set(adaUpdate, "region", "US"),
		"member units":             set(adaUpdate, "units", "english"),
		"member access":            set(adaUpdate, "access", "private"),
		"member preferredView":     set(adaUpdate, "preferredView", "Web"),
		"member role":              set("portals/self/updateUserRole", "user", "ada_lovelace", "role", "org_user"),
		"member userLicenseTypeId": set("portals/self/updateUserLicenseType", "users", "ada_lovelace", "userLicenseType", "GISProfessionalAdvUT"),
		"member disabled":          set("portals/self/disableUsers", "users", "ada_lovelace"),
		"member thumbnail":         set("community/users/ada_lovelace/deleteThumbnail"),
		"member username":          altered("community/users/ada_lovelace", "username", "someone_else"),
		"member provider":          altered("community/users/ada_lovelace", "provider", "enterprise"),
		"member idpUsername":       altered("community/users/ada_lovelace", "idpUsername", "DOMAIN\\ada"),

		"role name": {path: "portals/self/roles", alter: func(doc map[string]any, _ func(string) string) {
			for _, r := range doc["roles"].([]any) {
				setPath(r, "name", "Surveyor")
			}
		}},
		"role description": set("portals/self/roles/{role}/update", "name", "Cartographer", "description", "changed"),
		"role privileges":  set("portals/self/roles/{role}/setPrivileges", "privileges", `{"privileges":["portal:user:createItem"]}`),

		"group title":             set(groupSet, "title", "Field Crews, renamed"),
		"group description":       set(groupSet, "description", "changed"),
		"group snippet":           set(groupSet, "snippet", "changed"),
		"group phone":             set(groupSet, "phone", "666"),
		"group tags":              set(groupSet, "tags", "field"),
		"group typeKeywords":      set(groupSet, "typeKeywords", "Changed"),
		"group access":            set(groupSet, "access", "private"),
		"group isInvitationOnly":  set(groupSet, "isInvitationOnly", "false"),
		"group isViewOnly":        set(groupSet, "isViewOnly", "false"),
		"group autoJoin":          set(groupSet, "autoJoin", "true"),
		"group sortField":         set(groupSet, "sortField", "title"),
		"group sortOrder":         set(groupSet, "sortOrder", "asc"),
		"group leavingDisallowed": set(groupSet, "leavingDisallowed", "false"),
		"group hiddenMembers":     set(groupSet, "hiddenMembers", "false"),
		"group isOpenData":        set(groupSet, "isOpenData", "true"),
		"group membershipAccess":  set(groupSet, "membershipAccess", "none"),
		"group displaySettings":   set(groupSet, "displaySettings", `{"itemTypes":"CSV"}`),
		"group properties":        set(groupSet, "properties", `{"color":"red"}`),
		"group capabilities":      altered("community/groups/{group}", "capabilities", []any{"updateitemcontrol"}),
		"group protected":         set("community/groups/{group}/unprotect"),
		"group thumbnail":         set("community/groups/{group}/deleteThumbnail"),
		"group managers":          set("community/groups/{group}/updateUsers", "users", "ada_lovelace"),
		"group members":           set("community/groups/{group}/removeUsers", "users", "alan_turing"),
		"group owner":             set("community/groups/{group}/reassign", "targetUsername", "{admin}"),

		"folder title": set("content/users/ada_lovelace/{folder}/updateFolder", "newTitle", "Renamed"),
		"folder owner": altered("content/users/ada_lovelace", "folders", []any{}),

		"item title":             set(mapUpdate, "title", "Another Map"),
		"item description":       set(mapUpdate, "description", "changed"),
		"item snippet":           set(mapUpdate, "snippet", "changed"),
		"item tags":              set(mapUpdate, "tags", "engine"),
		"item typeKeywords":      set(fileUpdate, "typeKeywords", "CSV,Changed"),
		"item extent":            set(mapUpdate, "extent", "-10,40,5,61"),
		"item spatialReference":  set(mapUpdate, "spatialReference", "4326"),
		"item accessInformation": set(mapUpdate, "accessInformation", "changed"),
		"item licenseInfo":       set(mapUpdate, "licenseInfo", "changed"),
		"item culture":           set(mapUpdate, "culture", "de"),
		"item documentation":     set(mapUpdate, "documentation", "changed"),
		"item url":               set("content/users/{admin}/items/{app}/update", "url", "https://elsewhere.example.org/app"),
		"item properties":        set(fileUpdate, "properties", `{"changed":true}`),
		"item appCategories":     set(mapUpdate, "appCategories", "Fire"),
		"item industries":        set(mapUpdate, "industries", "Mining"),
		"item languages":         set(mapUpdate, "languages", "de"),
		"item commentsEnabled":   set(mapUpdate, "commentsEnabled", "false"),
		"item protected":         set("content/users/ada_lovelace/{folder}/items/{map}/unprotect"),
		"item data":              set("content/users/{admin}/items/{app}/update", "text", `{"values":{}}`),
		"item thumbnail":         set("content/users/ada_lovelace/{folder}/items/{map}/deleteThumbnail"),
		"item metadata":          file(mapUpdate, "metadata", "metadata.xml", "<metadata/>"),
		"item name":              file("content/users/{admin}/items/{plain}/update", "file", "other.pdf", "%PDF-1.4\n%%EOF\n"),
		"item folder":            set("content/users/ada_lovelace/{folder}/items/{map}/move", "folder", "/"),
		"item type":              altered("content/users/grace_hopper/items/{file}", "item.type", "Image"),
		"item owner":             altered("content/users/grace_hopper/items/{file}", "item.owner", "ada_lovelace"),

		"resource name":   set("content/users/{admin}/items/{app}/removeResources", "resource", "config/settings.json"),
		"resource bytes":  file("content/users/{admin}/items/{app}/updateResources", "file", "logo.png", "changed", "resourcesPrefix", "images", "fileName", "logo.png"),
		"resource access": altered("content/items/{app}/resources", "resources.0.access", "inherit"),

		"item categories":       altered("content/users/grace_hopper/items/{file}", "item.categories", []any{"/Categories/Water"}),
		"item contentStatus":    set("content/items/{file}/setContentStatus", "status", "deprecated"),
		"item proxyFilter":      altered("content/users/grace_hopper/items/{file}", "item.proxyFilter", map[string]any{"hits": 3}),
		"item advancedSettings": altered("content/users/grace_hopper/items/{file}", "item.advancedSettings", map[string]any{"a": 1}),
		"item metadataEditable": altered("content/users/grace_hopper/items/{file}", "item.metadataEditable", true),
		"item metadataFormats":  altered("content/users/grace_hopper/items/{file}", "item.metadataFormats", []any{"fgdc"}),
		"item largeThumbnail":   picturePart("largeThumbnail"),
		"item banner":           picturePart("banner"),
		"item screenshots":      picturePart("screenshot"),
		"item info": {do: func(t *testing.T, s *saboteur) {
			ok(t, s.item("form").SetInfo(t.Context(), "", gis.BytesUpload("form.json", []byte(`{"changed":true}`))))
		}},
		"item appRedirectURIs": reregistered(func(a *gis.AppSpec) { a.RedirectURIs = []string{"https://elsewhere.example.org/back"} }),
		"item appHttpReferrers": reregistered(func(a *gis.AppSpec) {
			a.HTTPReferrers = []string{"https://elsewhere.example.org"}
		}),
		"item appPrivileges": altered("content/users/{admin}/items/{registered}/registeredAppInfo", "privileges", []any{"portal:apikey:basemaps"}),
		"item appType":       altered("content/users/{admin}/items/{registered}/registeredAppInfo", "appType", "native"),
		"item leftover":      set(mapUpdate, "description", "drawn from {sourceLayer}"),
		"resource leftover": {do: func(t *testing.T, s *saboteur) {
			doc := `{"at":"` + strings.ReplaceAll(s.p.src.URL, "/", `\/`) + `\/home"}`
			ok(t, s.item("app").Resources().Add(t.Context(), gis.ResourceSpec{Name: "config/left.json", Upload: gis.BytesUpload("left.json", []byte(doc))}))
		}},
		"group leftover":       set(groupSet, "description", "see {sourceLayer}"),
		"group categorySchema": set("community/groups/{group}/assignCategorySchema", "categorySchema", `{"categorySchema":[{"title":"Categories","categories":[{"title":"Other","categories":[]}]}]}`),
		"setting value": {do: func(t *testing.T, s *saboteur) {
			ok(t, s.p.to.Update(t.Context(), map[string]any{"homePageFeaturedContent": "id:" + s.names["other"]}))
		}},
		"item reference": {do: func(t *testing.T, s *saboteur) {
			it := s.item("layer")
			it.Owner = "grace_hopper"
			ok(t, it.Delete(t.Context()))
		}},

		"share access":          set("content/users/{admin}/items/{app}/share", "everyone", "false", "org", "true"),
		"share groupCategories": set("content/groups/{group}/updateCategories", "items", `[{"{map}":{"categories":["/Categories/Other"]}}]`),
		"share groups":          set("content/users/ada_lovelace/items/{map}/unshare", "groups", "{group}"),

		"relationship origin":      relinked("ada_lovelace", "{map} {layer} Map2Service", "{spare} {layer} Map2Service"),
		"relationship destination": relinked("{admin}", "{app} {plain} Item2Attachment", "{app} {second} Item2Attachment"),
		"relationship type":        relinked("grace_hopper", "{layer} {file} Service2Data", "{layer} {file} Survey2Data"),
	}
}

// picturePart gives the file item a picture that its source does not have.
func picturePart(field string) sabotage {
	return sabotage{do: func(t *testing.T, s *saboteur) {
		b, err := io.ReadAll(picture(77).Body)
		ok(t, err)
		postFile(t, s, s.fill(fileUpdate), nil, field, field+".png", b)
	}}
}

// reregistered changes the registration of an app.
func reregistered(change func(*gis.AppSpec)) sabotage {
	return sabotage{do: func(t *testing.T, s *saboteur) {
		it := s.item("registered")
		info := must[*gis.AppInfo](t)(it.AppInfo(t.Context()))
		spec := gis.AppSpec{Type: info.Type, RedirectURIs: info.RedirectURIs, HTTPReferrers: info.HTTPReferrers}
		change(&spec)
		must[*gis.AppInfo](t)(it.UpdateApp(t.Context(), info.ClientID, spec))
	}}
}

// item is a handle on an item of the target, the administrator's where nothing else is set.
func (s *saboteur) item(name string) *gis.Item {
	return s.p.to.Content.Handle(s.p.dst.Admin, "", esri.ItemID(s.names[name]))
}

// enrich gives the source what only this test looks at.
func (p *pair) enrich(t *testing.T) {
	ctx := t.Context()
	p.form = must[*gis.Item](t)(p.from.Content.Add(ctx, gis.ItemSpec{Owner: p.src.Admin, Title: "Inspection", Type: "Form", Tags: []string{"form"}}))
	ok(t, p.form.SetInfo(ctx, "", gis.BytesUpload("form.json", []byte(`{"layer":"`+string(p.layer.ID)+`"}`))))
	p.registered = must[*gis.Item](t)(p.from.Content.Add(ctx, gis.ItemSpec{Owner: p.src.Admin, Title: "Field App", Type: "Application", Tags: []string{"app"}, URL: p.src.URL + "/apps/field/"}))
	must[*gis.AppInfo](t)(p.registered.Register(ctx, gis.AppSpec{
		Type: gis.AppBrowser, RedirectURIs: []string{p.src.URL + "/apps/field/", "https://app.example.org/back"}, HTTPReferrers: []string{"https://app.example.org"},
	}))
	ok(t, p.group.Categories().SetSchema(ctx, []gis.Category{{Title: "Categories", Categories: []gis.Category{{Title: "Water"}}}}))
	ok(t, p.group.UpdateCategories(ctx, map[esri.ItemID][]string{p.webmap.ID: {"/Categories/Water"}}))
	ok(t, p.from.Update(ctx, map[string]any{"homePageFeaturedContent": "id:" + string(p.group.ID)}))
}

// relinked takes one relationship away and makes another.
func relinked(owner, old, made string) sabotage {
	return sabotage{do: func(t *testing.T, s *saboteur) {
		link := func(user, op, triple string) {
			f := strings.Fields(triple)
			s.call(t, "content/users/"+user+"/"+op, url.Values{"originItemId": {f[0]}, "destinationItemId": {f[1]}, "relationshipType": {f[2]}})
		}
		link(owner, "deleteRelationship", old)
		if strings.Contains(made, "{spare}") {
			owner = "{admin}"
		}
		link(owner, "addRelationship", made)
	}}
}

func altered(path, field string, value any) sabotage {
	return sabotage{path: path, alter: func(doc map[string]any, fill func(string) string) { setPath(doc, field, value) }}
}

// TestVerifyNamesEveryDifference changes each compared property of the target, one after the
// other, behind rhumb's back: verification must find the change and name object, field and both
// values. A row of compared.tsv without a sabotage fails, and so does a sabotage without a row.
func TestVerifyNamesEveryDifference(t *testing.T) {
	t.Parallel()
	l := &liar{}
	p := newPairWith(t, l)
	p.enrich(t)
	rep, err := clone.Run(t.Context(), p.from, p.to, clone.RunOptions{Journal: p.journal, Options: clone.Options{OrgSettings: true}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	expectClean(t, rep)
	s := newSaboteur(t, p)
	all := sabotages()
	for _, r := range comparedRows(t) {
		name := r.object + " " + r.property
		sab, have := all[name]
		delete(all, name)
		switch {
		case r.compared == "yes" && !have:
			t.Errorf("compared.tsv: nothing changes %q to prove that verification sees it", name)
		case r.compared != "yes" && have:
			t.Errorf("compared.tsv: %q is not compared, but is changed by this test", name)
		case r.compared != "yes" && strings.TrimSpace(r.reason) == "":
			t.Errorf("compared.tsv: %q is not compared and gives no reason", name)
		}
		if !have {
			continue
		}
		t.Run(name, func(t *testing.T) { s.expose(t, l, r, sab) })
	}
	for name := range all {
		t.Errorf("%q is changed by this test but has no row in compared.tsv", name)
	}
}

// expose commits one sabotage and demands that verification finds a difference about it that
// it did not find before.
func (s *saboteur) expose(t *testing.T, l *liar, r row, sab sabotage) {
	switch {
	case sab.do != nil:
		sab.do(t, s)
	case sab.alter != nil:
		l.tell(s.fill(sab.path), func(doc map[string]any) { sab.alter(doc, s.fill) })
		defer l.tell("", nil)
	default:
		s.call(t, sab.path, sab.params)
	}
	before := s.before
	rep := s.verify(t)
	s.before = rep.Differences
	d := found(rep, r, before)
	if d == nil {
		t.Fatalf("verification does not see it; lies told: %d; differences: %+v", l.told(), rep.Differences)
	}
	if d.Want == d.Got || (d.Source == "" && d.Target == "") {
		t.Errorf("the difference does not say what and where: %+v", d)
	}
}

func (s *saboteur) verify(t *testing.T) *clone.Report {
	t.Helper()
	j := must[*clone.Journal](t)(clone.OpenJournal(s.p.journal, "verify"))
	defer j.Close()
	return must[*clone.Report](t)(clone.Verify(t.Context(), s.p.from, s.p.to, clone.Options{}, j, nil))
}

// found returns a difference about a row that is not among those known before.
func found(rep *clone.Report, r row, before []clone.Difference) *clone.Difference {
	kind := clone.Kind(r.object)
	if r.object == "member" {
		kind = clone.KindUser
	}
	for i, d := range rep.Differences {
		if d.Kind == kind && d.Field == r.property && !slices.Contains(before, d) {
			return &rep.Differences[i]
		}
	}
	return nil
}

// setPath sets a value inside a document: names and indexes with dots between.
func setPath(v any, path string, value any) {
	name, rest, more := strings.Cut(path, ".")
	switch v := v.(type) {
	case map[string]any:
		if more {
			setPath(v[name], rest, value)
		} else {
			v[name] = value
		}
	case []any:
		i := int(name[0] - '0')
		if more {
			setPath(v[i], rest, value)
		} else {
			v[i] = value
		}
	}
}
