package clone

import "github.com/rhumb-gis/rhumb/gis"

// relationRule is what a clone does with the relationships of a type. The zero rule makes them
// anew in the name of the owner of the origin.
type relationRule struct {
	// leftOut is why relationships of the type are not made anew.
	leftOut string
	// destination: it is the owner of the destination who may relate the items.
	destination bool
	// attachment: the destination is made together with the relationship, from the origin.
	attachment bool
	// follows: the destination is made for its origin, and is not copied without it.
	follows string
}

const (
	isListing = "listings of the marketplace are not copied"
	isArea    = "offline areas are made anew on the target"
)

// relationRules lists the types that ask for more than being made anew by the owner of the
// origin.
var relationRules = map[gis.RelationshipType]relationRule{
	gis.APIKey2Item:             {leftOut: "API keys are not copied"},
	gis.Area2CustomPackage:      {leftOut: isArea, follows: "a package of an offline area holds copies of the source's services; make the area anew on the target"},
	gis.Area2Package:            {leftOut: isArea, follows: "a package of an offline area holds copies of the source's services; make the area anew on the target"},
	gis.Map2Area:                {leftOut: isArea},
	gis.Listed2ImplicitlyListed: {leftOut: isListing},
	gis.Listed2Provisioned:      {leftOut: isListing},
	gis.Service2Style:           {destination: true},
	gis.Style2Style:             {destination: true},
	gis.WMA2Code:                {attachment: true},
}
