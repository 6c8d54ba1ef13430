package rest

import (
	"context"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal"
)

func (s *Server) contentRoutes() []Route {
	const user = "sharing/rest/content/users/{username}"
	const folder = user + "/{folder}"
	routes := []Route{
		{Pattern: user, Handle: s.userContent},
		{Pattern: folder, Handle: s.userContent},
		{Pattern: user + "/createFolder", Write: true, Handle: s.createFolder},
		{Pattern: folder + "/updateFolder", Write: true, Handle: s.updateFolder},
		{Pattern: folder + "/delete", Write: true, Handle: s.deleteFolder},
		{Pattern: user + "/addItem", Write: true, Files: true, Refuse: refusedItemFields, Handle: s.addItem},
		{Pattern: folder + "/addItem", Write: true, Files: true, Refuse: refusedItemFields, Handle: s.addItem},
		{Pattern: user + "/deleteItems", Write: true, Handle: s.deleteItems},
		{Pattern: user + "/moveItems", Write: true, Handle: s.moveItems},
		{Pattern: user + "/reassignItems", Write: true, Handle: s.reassignItems},
		{Pattern: user + "/shareItems", Write: true, Handle: s.shareItems},
		{Pattern: user + "/unshareItems", Write: true, Handle: s.unshareItems},
		{Pattern: user + "/addRelationship", Write: true, Handle: s.addRelationship},
		{Pattern: user + "/deleteRelationship", Write: true, Handle: s.deleteRelationship},
	}
	routes = append(routes, s.userItemRoutes(user+"/items/{id}")...)
	routes = append(routes, s.userItemRoutes(folder+"/items/{id}")...)
	routes = append(routes, unsupportedContent(user, "createService", "publish", "export", "replaceService", "canReassignItems", "restoreItems")...)
	routes = append(routes, unsupportedContent(folder, "createService", "publish", "export")...)
	return append(routes, unsupportedContent("sharing/rest/content/features", "analyze", "generate")...)
}

// userItemRoutes are the operations on one item under its owner's path.
func (s *Server) userItemRoutes(item string) []Route {
	routes := []Route{
		{Pattern: item, Handle: s.userItem},
		{Pattern: item + "/update", Write: true, Files: true, Refuse: refusedItemFields, Handle: s.updateItem},
		{Pattern: item + "/delete", Write: true, Handle: s.deleteItem},
		{Pattern: item + "/canDelete", Handle: s.canDelete},
		{Pattern: item + "/protect", Write: true, Handle: s.protectItem(true)},
		{Pattern: item + "/unprotect", Write: true, Handle: s.protectItem(false)},
		{Pattern: item + "/move", Write: true, Handle: s.moveItem},
		{Pattern: item + "/reassign", Write: true, Handle: s.reassignItem},
		{Pattern: item + "/canReassign", Handle: s.canReassignItem},
		{Pattern: item + "/share", Write: true, Handle: s.shareItem},
		{Pattern: item + "/unshare", Write: true, Handle: s.unshareOwnItem},
		{Pattern: item + "/addPart", Write: true, Files: true, Handle: s.addPart},
		{Pattern: item + "/parts", Handle: s.uploadParts},
		{Pattern: item + "/commit", Write: true, Files: true, Refuse: refusedItemFields, Handle: s.commitUpload},
		{Pattern: item + "/cancel", Write: true, Handle: s.cancelUpload},
		{Pattern: item + "/status", Handle: s.itemStatus},
		{Pattern: item + "/updateInfo", Write: true, Files: true, Handle: s.updateInfo},
		{Pattern: item + "/deleteInfo", Write: true, Handle: s.deleteInfo},
		{Pattern: item + "/updateThumbnail", Write: true, Files: true, Refuse: []string{"url"}, Handle: s.updateThumbnail},
		{Pattern: item + "/deleteThumbnail", Write: true, Handle: s.deleteItemThumbnail},
		{Pattern: item + "/addResources", Write: true, Files: true, Handle: s.addResources},
		{Pattern: item + "/updateResources", Write: true, Files: true, Handle: s.updateResources},
		{Pattern: item + "/removeResources", Write: true, Handle: s.removeResources},
		{Pattern: item + "/resources", Handle: s.itemResources},
		{Pattern: item + "/resources/export", Handle: s.exportResources},
		{Pattern: item + "/registeredAppInfo", Handle: s.registeredAppInfo},
	}
	return append(routes, unsupportedContent(item, "copy", "canRecycle", "restore", "canRestore", "proxies", "createProxies", "deleteProxies")...)
}

// unsupportedContent makes routes of operations that this portal does not have, by whatever
// method clients call them.
func unsupportedContent(base string, operations ...string) []Route {
	routes := unsupportedWrites(base, operations...)
	for i := range routes {
		routes[i].Files, routes[i].Get = true, true
	}
	return routes
}

// userContent answers {username, total, start, num, nextStart, currentFolder, items, folders}
// (Esri's pages "User Content" and "Folder"). Folders are complete on every page of the root
// folder, and an empty list in others.
//
// guess: types keeps the items of these types, as the Python client asks for.
func (s *Server) userContent(ctx context.Context, r *Request) (any, error) {
	page, err := r.sortedWindow()
	if err != nil {
		return nil, err
	}
	types, _ := r.List("types")
	c, err := s.portal.UserContent(ctx, r.Caller, r.Var("username"), esri.FolderID(r.Var("folder")), types, page)
	if err != nil {
		return nil, err
	}
	folders := []any{}
	for _, f := range c.Folders {
		folders = append(folders, folderJSON(f))
	}
	o := listing("items", itemsJSON(c.Items, itemJSON), page, c.Total)
	o["username"], o["currentFolder"], o["folders"] = c.Username, folderJSON(c.Folder), folders
	return o, nil
}

// createFolder answers {success, folder} (Esri's page "Create Folder").
func (s *Server) createFolder(ctx context.Context, r *Request) (any, error) {
	return folderDone(s.portal.CreateFolder(ctx, r.Caller, r.Var("username"), r.Str("title")))
}

// updateFolder answers {success, folder} (Esri's page "Update Folder").
func (s *Server) updateFolder(ctx context.Context, r *Request) (any, error) {
	return folderDone(s.portal.RenameFolder(ctx, r.Caller, r.Var("username"), esri.FolderID(r.Var("folder")), r.Str("newTitle")))
}

// deleteFolder answers {success, folder} (Esri's page "Delete Folder").
//
// guess: a folder that holds an item which cannot be deleted stays, with all that is in it.
func (s *Server) deleteFolder(ctx context.Context, r *Request) (any, error) {
	return folderDone(s.portal.DeleteFolder(ctx, r.Caller, r.Var("username"), esri.FolderID(r.Var("folder"))))
}

func folderDone(f *portal.Folder, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return Object{"success": true, "folder": folderJSON(f)}, nil
}

// userItem answers {item, sharing, folder} (Esri's page "User Item"); sharing only to who
// controls the item.
func (s *Server) userItem(ctx context.Context, r *Request) (any, error) {
	u, err := s.portal.UserItem(ctx, r.Caller, itemRef(r))
	if err != nil {
		return nil, err
	}
	o := Object{"item": itemJSON(u.ItemView), "folder": folderJSON(u.Folder)}
	if u.Control == portal.ControlAdmin {
		o["sharing"] = Object{"access": u.Access, "groups": groupIDs(u.Groups)}
	}
	return o, nil
}

// shareRequest reads how sharing is to change. account is the name that wins over org.
//
// guess: an empty list of groups changes nothing; a lone space, which the JavaScript client
// sends to make an item private, takes it back from all.
func (r *Request) shareRequest() (q portal.ShareRequest, err error) {
	if q.Everyone, err = r.BoolPtr("everyone"); err != nil {
		return q, err
	}
	if q.Org, err = r.BoolPtr("account"); err != nil {
		return q, err
	}
	if q.Org == nil {
		if q.Org, err = r.BoolPtr("org"); err != nil {
			return q, err
		}
	}
	if q.ConfirmControl, err = r.Bool("confirmItemControl", false); err != nil {
		return q, err
	}
	q.Groups = r.groupList()
	blank := r.Str("groups") != "" && strings.TrimSpace(r.Str("groups")) == ""
	q.ClearGroups = blank && q.Everyone != nil && !*q.Everyone && q.Org != nil && !*q.Org
	return q, nil
}

func (r *Request) groupList() []esri.GroupID {
	list, _ := r.List("groups")
	var out []esri.GroupID
	for _, g := range list {
		out = append(out, esri.GroupID(strings.ToLower(g)))
	}
	return out
}
