package gis_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"

	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/gis/auth"
)

// examplePortal answers what the examples ask, so that their output is checked.
func examplePortal() *httptest.Server {
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch path := strings.TrimPrefix(r.URL.Path, "/portal/sharing/rest/"); {
		case path == "generateToken":
			fmt.Fprint(w, `{"token":"example-token","expires":4102444800000,"ssl":true}`)
		case path == "portals/self":
			fmt.Fprint(w, self)
		case path == "search":
			fmt.Fprint(w, `{"total":1,"start":1,"num":100,"nextStart":-1,"results":[{"id":"`+itemA+`","title":"Fire stations","type":"Web Map","owner":"ada"}]}`)
		case strings.HasSuffix(path, "/data"):
			fmt.Fprint(w, `{"operationalLayers":[]}`)
		case strings.HasSuffix(path, "/addItem"):
			fmt.Fprint(w, `{"success":true,"id":"`+itemA+`","folder":null}`)
		case strings.HasPrefix(path, "content/items/missing"):
			fmt.Fprint(w, `{"error":{"code":400,"messageCode":"CONT_0001","message":"Item does not exist or is inaccessible.","details":[]}}`)
		default:
			fmt.Fprint(w, `{"item":{"id":"`+itemA+`","title":"Hydrants","type":"CSV","name":"hydrants.csv","owner":"ada","size":8},"sharing":{"access":"private","groups":[]}}`)
		}
	}))
}

func ExampleNew() {
	portal := examplePortal()
	defer portal.Close()

	p, err := gis.New(portal.URL+"/portal", auth.Password("ada", os.Getenv("PORTAL_PASSWORD")))
	if err != nil {
		log.Fatal(err)
	}
	if err := p.Connect(context.Background()); err != nil {
		log.Fatal(err) // errors.Is(err, gis.ErrToken): wrong user name or password
	}
	self, err := p.Self(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s is signed in to %s\n", self.User.FullName, self.Name)
	// Output: Ada Lovelace is signed in to Acme
}

func ExampleContent_Search() {
	portal := examplePortal()
	defer portal.Close()
	p, err := gis.New(portal.URL+"/portal", nil)
	if err != nil {
		log.Fatal(err)
	}

	for it, err := range p.Content.Search(context.Background(), `title:"fire stations"`, &gis.ItemSearch{Type: "Web Map"}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(it.Type, it.Title, "of", it.Owner)
	}
	// Output: Web Map Fire stations of ada
}

func ExampleContent_Add() {
	portal := examplePortal()
	defer portal.Close()
	p, err := gis.New(portal.URL+"/portal", auth.Password("ada", os.Getenv("PORTAL_PASSWORD")))
	if err != nil {
		log.Fatal(err)
	}

	it, err := p.Content.Add(context.Background(),
		gis.ItemSpec{Title: "Hydrants", Type: "CSV", Tags: []string{"water", "fire"}},
		gis.WithData(gis.BytesUpload("hydrants.csv", []byte("x,y\n1,2\n"))))
	if errors.Is(err, gis.ErrConflict) {
		log.Fatal("there is a hydrants.csv in this folder already")
	}
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(it.Title, it.Name, it.Access == gis.AccessPublic)
	// Output: Hydrants hydrants.csv false
}

func ExampleItem_Data() {
	portal := examplePortal()
	defer portal.Close()
	p, err := gis.New(portal.URL+"/portal", nil)
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()

	data, err := p.Content.Handle("ada", "", itemA).Data(ctx)
	if err != nil {
		log.Fatal(err)
	}
	defer data.Close()
	if _, err := io.Copy(os.Stdout, data); err != nil {
		log.Fatal(err)
	}
	_, err = p.Content.Get(ctx, "missing")
	fmt.Println("\nmissing:", errors.Is(err, gis.ErrNotFound))
	// Output:
	// {"operationalLayers":[]}
	// missing: true
}
