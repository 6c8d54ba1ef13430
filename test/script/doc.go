// Package script runs stories of the command line: each testdata/NOUN/*.txtar is one, and
// drives the real rhumb in processes of its own. A new folder below testdata is found by
// itself.
//
// Beside the commands of testscript a story has:
//
//	exits CODE rhumb ARG...     run rhumb; it must end with CODE
//	portal start NAME ARG...    run rhumb serve on a free port until its portal answers;
//	                            $NAME is then its address and $NAME_LOG a file with its stderr
//	portal stop NAME            send SIGTERM; it must end with 0
//	post ADDRESS [KEY=VALUE...] post a form with f=json; the answer becomes stdout
//	signin ADDRESS USER PASSWORD  sign in; $TOKEN is then a token
//	itemid ADDRESS TITLE        find an item in admin's root folder; $ITEM is then its id
//	fill ADDRESS N              make N maps that admin owns
//	interrupt PHASE rhumb ARG... --json
//	                            run rhumb and send SIGINT at the first object of PHASE; it must
//	                            end with 130
package script
