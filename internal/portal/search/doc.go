// Package search parses the portal's search language into a tree.
//
// The language is that of the ArcGIS portal's search operation: bare words and quoted
// phrases, field:value terms, ranges in [a TO b] and {a TO b}, the wildcards ? and *, the
// operators AND, OR, NOT, + and -, parentheses and boosts. Terms that stand side by side are
// joined by AND. Field names are matched without regard to case and come out in lower case,
// aliases resolved (accountid is orgid, uploaded is created).
//
// The package knows the language only; what a field means and who may see what is the
// store's and the policy's business. It imports nothing of this module.
package search
