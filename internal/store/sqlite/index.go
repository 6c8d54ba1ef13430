package sqlite

import "strings"

// index describes how one kind of object is searched.
type index struct {
	table       string
	text        string // full-text table with stemmed words
	words       string // full-text table with words as written
	vocabulary  string // the words of the latter
	fields      map[string]searchField
	bare        string   // full-text columns of terms without a field
	leading     string   // those of them that say best what an object is
	bareKeys    []string // columns that such a term may equal as a whole
	score       string   // rank of a match in text, smaller is better
	order       ordering
	insertWords []string // statements that index one object
}

// searchField is what a field of the search language means.
type searchField struct {
	kind   fieldKind
	column string // full-text column or field of item_values; else an SQL expression
	whole  string // of text fields: SQL expression of the folded whole value, may be empty
	nocase string // of text fields without whole: the column that a filter compares
	list   string // of text fields that are lists: the JSON column
	scored bool   // of text fields: terms count for relevance
}

type fieldKind int

const (
	textField   fieldKind = iota
	keyField              // compared as a whole, folded
	valuesField           // text of a list whose values are in item_values too
	numberField
	orgField
	groupField  // items: the groups that they are shared with
	bundleField // members: the app bundles that they hold
)

func key(expr string) searchField    { return searchField{kind: keyField, column: expr} }
func number(expr string) searchField { return searchField{kind: numberField, column: expr} }
func yesNo(expr string) searchField  { return key("iif(" + expr + ",'true','false')") }

// column is one column of the full-text tables with its weight for relevance.
type wordColumn struct {
	name   string
	weight string
}

func newIndex(table string, columns []wordColumn, ix index) *index {
	ix.table, ix.text, ix.words, ix.vocabulary = table, table+"_text", table+"_words", table+"_vocabulary"
	var names, weights, marks []string
	for _, c := range columns {
		names = append(names, c.name)
		weights = append(weights, c.weight)
		marks = append(marks, "?")
	}
	ix.score = "bm25(" + ix.text + "," + strings.Join(weights, ",") + ")"
	for _, t := range []string{ix.text, ix.words} {
		ix.insertWords = append(ix.insertWords,
			"INSERT OR REPLACE INTO "+t+"(rowid,"+strings.Join(names, ",")+") VALUES(?,"+strings.Join(marks, ",")+")")
	}
	return &ix
}

var itemIndex = newIndex("items", []wordColumn{
	{"title", "10"}, {"tags", "5"}, {"snippet", "3"}, {"description", "1"}, {"type", "2"}, {"typekeywords", "1"},
	{"accessinformation", "1"}, {"licenseinfo", "1"}, {"spatialreference", "1"}, {"culture", "1"}, {"name", "1"}, {"categories", "1"}, {"classification", "1"},
}, index{
	bare:    "title tags snippet description type typekeywords",
	leading: "title",
	fields: map[string]searchField{
		"id":                key("i.id"),
		"owner":             key("i.owner_key"),
		"orgid":             {kind: orgField},
		"group":             {kind: groupField},
		"access":            key("i.access"),
		"itemtype":          key("i.item_type"),
		"contentstatus":     key("i.content_status"),
		"url":               key("lower(i.url)"),
		"title":             {column: "title", whole: "i.title_key", scored: true},
		"snippet":           {column: "snippet", nocase: "i.snippet", scored: true},
		"description":       {column: "description", nocase: "i.description", scored: true},
		"name":              {column: "name", whole: "i.name_key", scored: true},
		"type":              {column: "type", whole: "i.type_key"},
		"accessinformation": {column: "accessinformation", nocase: "i.access_information", scored: true},
		"licenseinfo":       {column: "licenseinfo", nocase: "i.license_info", scored: true},
		"spatialreference":  {column: "spatialreference", nocase: "i.spatial_reference"},
		"culture":           {column: "culture", nocase: "i.culture"},
		"classification":    {column: "classification"},
		"tags":              {kind: valuesField, column: "tags", scored: true},
		"typekeywords":      {kind: valuesField, column: "typekeywords"},
		"categories":        {kind: valuesField, column: "categories"},
		"created":           number("i.created"),
		"modified":          number("i.modified"),
		"numviews":          number("i.num_views"),
		"numratings":        number("0"),
		"numcomments":       number("0"),
		"avgrating":         number("0"),
	},
	order: ordering{own: "i.rowid", tie: "i.id", sort: map[string]string{
		"title": "i.title_key", "created": "i.created", "uploaded": "i.created", "modified": "i.modified",
		"type": "i.type_key", "owner": "i.owner_key", "numviews": "i.num_views", "access": "i.access",
		"name": "i.name_key", "id": "", "avgrating": "", "numratings": "", "numcomments": "", "scorecompleteness": "",
	}},
})

var groupIndex = newIndex("groups", []wordColumn{
	{"title", "10"}, {"owner", "2"}, {"snippet", "3"}, {"description", "1"}, {"tags", "5"}, {"phone", "1"}, {"typekeywords", "1"},
}, index{
	bare:     "title owner snippet description tags",
	leading:  "title",
	bareKeys: []string{"i.id", "i.owner_key"},
	fields: map[string]searchField{
		"id":               key("i.id"),
		"owner":            key("i.owner_key"),
		"orgid":            {kind: orgField},
		"access":           key("i.access"),
		"isinvitationonly": yesNo("i.invitation_only"),
		"isopendata":       yesNo("i.open_data"),
		"title":            {column: "title", whole: "i.title_key", scored: true},
		"phone":            {column: "phone", whole: "i.phone_key"},
		"snippet":          {column: "snippet", nocase: "i.snippet", scored: true},
		"description":      {column: "description", nocase: "i.description", scored: true},
		"tags":             {column: "tags", list: "i.tags", scored: true},
		"typekeywords":     {column: "typekeywords", list: "i.type_keywords"},
		"created":          number("i.created"),
		"modified":         number("i.modified"),
	},
	order: ordering{own: "i.title_key, i.id", tie: "i.id", sort: map[string]string{
		"title": "i.title_key", "owner": "i.owner_key", "created": "i.created", "modified": "i.modified", "access": "i.access", "id": "",
	}},
})

var userIndex = newIndex("users", []wordColumn{
	{"username", "10"}, {"fullname", "8"}, {"firstname", "4"}, {"lastname", "4"}, {"email", "2"}, {"description", "1"},
	{"tags", "2"}, {"culture", "1"}, {"categories", "1"},
}, index{
	bare:     "username fullname tags description",
	leading:  "username fullname",
	bareKeys: []string{"i.user_key"},
	fields: map[string]searchField{
		"username":        key("i.user_key"),
		"orgid":           {kind: orgField},
		"role":            key("lower(i.role)"),
		"roleid":          key("lower(i.role)"),
		"userlicensetype": key("lower(i.user_type)"),
		"appbundle":       {kind: bundleField},
		"provider":        key("lower(i.provider)"),
		"access":          key("i.access"),
		"region":          key("lower(i.region)"),
		"disabled":        yesNo("i.disabled"),
		"fullname":        {column: "fullname", whole: "i.full_name_key", scored: true},
		"firstname":       {column: "firstname", whole: "i.first_name_key", scored: true},
		"lastname":        {column: "lastname", whole: "i.last_name_key", scored: true},
		"email":           {column: "email", whole: "i.email_key"},
		"description":     {column: "description", nocase: "i.description", scored: true},
		"culture":         {column: "culture", nocase: "i.culture"},
		"tags":            {column: "tags", list: "i.tags", scored: true},
		"categories":      {column: "categories", list: "i.categories"},
		"created":         number("i.created"),
		"modified":        number("i.modified"),
		"lastlogin":       number("i.last_login"),
	},
	order: ordering{own: "i.user_key", tie: "i.user_key", sort: map[string]string{
		"username": "i.user_key", "fullname": "i.full_name_key", "firstname": "i.first_name_key", "lastname": "i.last_name_key",
		"email": "i.email_key", "role": "i.role", "created": "i.created", "modified": "i.modified", "lastlogin": "i.last_login",
	}},
})
