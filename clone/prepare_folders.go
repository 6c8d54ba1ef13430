package clone

// planFolders matches folders by the journal, else by owner and title; they merge and are never
// a conflict.
func (v *survey) planFolders() {
	have, owner := map[string]string{}, map[string]string{}
	for _, f := range v.to.folders {
		have[folderKey(f.Username, f.Title)] = string(f.ID)
		owner[string(f.ID)] = fold(f.Username)
	}
	for _, f := range v.from.folders {
		if isSystem(f.Username) {
			continue
		}
		s := Step{Kind: KindFolder, Action: Create, Source: string(f.ID), Title: f.Title, Owner: f.Username}
		key := folderKey(v.users[fold(f.Username)], f.Title)
		id := v.made(KindFolder, s.Source)
		if id == "" || owner[id] != fold(v.users[fold(f.Username)]) {
			id = have[key]
		}
		v.places[s.Source] = key
		if id != "" {
			s.Action, s.Target = Match, id
			v.folders[s.Source] = id
		}
		v.step(s)
	}
}

// folderKey names a folder by owner and title, as folders merge.
func folderKey(owner, title string) string { return fold(owner) + "\x00" + fold(title) }
