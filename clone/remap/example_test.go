package remap_test

import (
	"fmt"

	"github.com/rhumb-gis/rhumb/clone/remap"
)

func Example() {
	rw, err := remap.New(remap.Map{
		Items:        map[string]string{"0fcf0bd879b84a01bd596aee72111e49": "b7d1c2e879b84a01bd596aee72111e00"},
		Source:       []string{"https://staging.example.org/portal"},
		Target:       "https://gis.example.org/portal",
		ServiceRoots: []string{"https://staging.example.org/server/rest/services/Hosted"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	out, report, err := rw.JSON([]byte(`{
  "itemId": "0fcf0bd879b84a01bd596aee72111e49",
  "url": "https://staging.example.org/server/rest/services/Hosted/Roads/FeatureServer/0",
  "link": "http://STAGING.example.org/portal/home/item.html?id=ffffffffffffffffffffffffffffffff"
}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(string(out))
	for _, c := range report.Changes {
		fmt.Println(c.Rule, "at", c.Path)
	}
	for _, ref := range report.ByReference {
		fmt.Println("stays:", ref.Value)
	}
	for _, ref := range report.Unresolved {
		fmt.Println("no counterpart:", ref.Kind, ref.Value, "at", ref.Path)
	}
	// Output:
	// {
	//   "itemId": "b7d1c2e879b84a01bd596aee72111e00",
	//   "url": "https://staging.example.org/server/rest/services/Hosted/Roads/FeatureServer/0",
	//   "link": "https://gis.example.org/portal/home/item.html?id=ffffffffffffffffffffffffffffffff"
	// }
	// item at $.itemId
	// address at $.link
	// stays: https://staging.example.org/server/rest/services/Hosted/Roads/FeatureServer
	// no counterpart: item ffffffffffffffffffffffffffffffff at $.link
}
