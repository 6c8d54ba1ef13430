package gis

import (
	"context"
	"iter"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/wire"
)

// RelationshipType says how two items belong together. Values that are not listed here pass
// through unchanged.
type RelationshipType string

// The documented types, from origin to destination.
const (
	APIKey2Item                 RelationshipType = "APIKey2Item"
	App2DependentApp            RelationshipType = "App2DependentApp"
	Area2CustomPackage          RelationshipType = "Area2CustomPackage"
	Area2Package                RelationshipType = "Area2Package"
	Data2App                    RelationshipType = "Data2App"
	Item2Attachment             RelationshipType = "Item2Attachment"
	Item2Report                 RelationshipType = "Item2Report"
	Listed2ImplicitlyListed     RelationshipType = "Listed2ImplicitlyListed"
	Listed2Provisioned          RelationshipType = "Listed2Provisioned"
	Map2AppConfig               RelationshipType = "Map2AppConfig"
	Map2Area                    RelationshipType = "Map2Area"
	Map2FeatureCollection       RelationshipType = "Map2FeatureCollection"
	Map2IndoorsConfig           RelationshipType = "Map2IndoorsConfig"
	Map2Service                 RelationshipType = "Map2Service"
	Mission2Item                RelationshipType = "Mission2Item"
	MobileApp2Code              RelationshipType = "MobileApp2Code"
	Notebook2WebTool            RelationshipType = "Notebook2WebTool"
	Service2Data                RelationshipType = "Service2Data"
	Service2Layer               RelationshipType = "Service2Layer"
	Service2Route               RelationshipType = "Service2Route"
	Service2Service             RelationshipType = "Service2Service"
	Service2Style               RelationshipType = "Service2Style"
	Solution2Item               RelationshipType = "Solution2Item"
	Style2Style                 RelationshipType = "Style2Style"
	Survey2Data                 RelationshipType = "Survey2Data"
	Survey2Service              RelationshipType = "Survey2Service"
	SurveyAddIn2Data            RelationshipType = "SurveyAddIn2Data"
	Theme2Story                 RelationshipType = "Theme2Story"
	TrackView2Map               RelationshipType = "TrackView2Map"
	WebStyle2DesktopStyle       RelationshipType = "WebStyle2DesktopStyle"
	WMA2Code                    RelationshipType = "WMA2Code"
	WorkforceMap2FeatureService RelationshipType = "WorkforceMap2FeatureService"
)

// RelationshipTypes lists the documented types.
func RelationshipTypes() []RelationshipType {
	return []RelationshipType{
		APIKey2Item, App2DependentApp, Area2CustomPackage, Area2Package, Data2App, Item2Attachment, Item2Report,
		Listed2ImplicitlyListed, Listed2Provisioned, Map2AppConfig, Map2Area, Map2FeatureCollection, Map2IndoorsConfig,
		Map2Service, Mission2Item, MobileApp2Code, Notebook2WebTool, Service2Data, Service2Layer, Service2Route,
		Service2Service, Service2Style, Solution2Item, Style2Style, Survey2Data, Survey2Service, SurveyAddIn2Data,
		Theme2Story, TrackView2Map, WebStyle2DesktopStyle, WMA2Code, WorkforceMap2FeatureService,
	}
}

// Direction is the way a relationship is followed.
type Direction string

// The directions.
const (
	Forward Direction = "forward" // from the origin
	Reverse Direction = "reverse" // from the destination
)

// Related yields the items at the other ends of the item's relationships of the given types,
// which the caller may see. At least one type is needed. With several types the answer does
// not tell which item belongs to which type: ask one by one where that matters.
//
// rest: GET content/items/{id}/relatedItems
// py: arcgis.gis.Item.related_items
func (it *Item) Related(ctx context.Context, direction Direction, types ...RelationshipType) iter.Seq2[*Item, error] {
	const op = "content/items/{id}/relatedItems"
	if len(types) == 0 {
		return failed[*Item](refuse(ErrInvalid, "GET "+op, "name at least one type of relationship"))
	}
	return pages(ctx, 1, 0, func(ctx context.Context, start int) (*Page[*Item], error) {
		r := wire.Read(op, string(it.ID)).Set("direction", string(direction))
		if len(types) == 1 {
			r.Set("relationshipType", string(types[0]))
		} else {
			r.List("relationshipTypes", strs(types))
		}
		return it.p.Content.page(ctx, r, "relatedItems", start, maxPage)
	})
}

// AddRelationship relates the item, as origin, to another. Who may depends on the type: some
// want both items, some the destination, to belong to the caller; administrators may always.
//
// rest: POST content/users/{username}/addRelationship
// py: arcgis.gis.Item.add_relationship
func (it *Item) AddRelationship(ctx context.Context, to esri.ItemID, t RelationshipType) error {
	return it.relate(ctx, "addRelationship", to, t)
}

// DeleteRelationship ends a relationship of which the item is the origin.
//
// rest: POST content/users/{username}/deleteRelationship
// py: arcgis.gis.Item.delete_relationship
func (it *Item) DeleteRelationship(ctx context.Context, to esri.ItemID, t RelationshipType) error {
	return it.relate(ctx, "deleteRelationship", to, t)
}

func (it *Item) relate(ctx context.Context, verb string, to esri.ItemID, t RelationshipType) error {
	r := wire.Write("content/users/{username}/"+verb, it.Owner).
		Set("originItemId", string(it.ID)).Set("destinationItemId", string(to)).Set("relationshipType", string(t))
	return it.p.do(ctx, r, nil)
}
