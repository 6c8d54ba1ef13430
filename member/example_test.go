package member_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"

	"github.com/rhumb-gis/rhumb/member"
)

// The steps of an administrator's day: who is there, how many licenses are left, new members
// from a file, licenses given, changed and taken back, and a member who leaves.
func Example() {
	p, stage := setStage() // or gis.New("https://host/portal", auth.Password(user, password))
	defer stage.strike()
	ctx := context.Background()

	// New members, with licenses. One-time passwords go to a file of their own.
	sheet, err := member.ReadSheet(strings.NewReader(
		"First Name,Last Name,Email,Username,Role,License\n" +
			"Ada,Lovelace,ada@example.com,ada_lovelace,account_publisher,\"desktopAdvN,spatialAnalystN\"\n" +
			"Grace,Hopper,grace@example.com,grace_hopper,account_user,desktopStdN\n" +
			"Alan,Turing,alan.example.com,alan_turing,account_user,desktopStdN\n"))
	if err != nil {
		log.Fatal(err)
	}
	dir := stage.TempDir()
	plan, err := member.PlanImport(ctx, p, sheet, member.ImportOptions{PasswordsOut: filepath.Join(dir, "passwords.csv")})
	if err != nil {
		log.Fatal(err)
	}
	added, err := plan.Apply(ctx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("members:", added)
	for _, bad := range added.Bad() {
		fmt.Printf("line %d, %s: %s\n", bad.Line, bad.Username, bad.Reason)
	}

	// Another level for one of them, an extension for another, and one gives it back.
	for _, a := range []member.Assignment{
		{Members: member.Select{Usernames: []string{"grace_hopper"}}, Set: []string{"desktopAdvN"}},
		{Members: member.Select{Usernames: []string{"grace_hopper"}}, Add: []string{"spatialAnalystN"}},
		{Members: member.Select{Usernames: []string{"ada_lovelace"}}, Revoke: true},
	} {
		if _, err := member.Assign(ctx, p, a, member.Options{}); err != nil {
			log.Fatal(err)
		}
	}

	// How many seats are left, and who holds what.
	report, err := member.NewReport(ctx, p, member.ReportOptions{})
	if err != nil {
		log.Fatal(err)
	}
	pro := report.Products[0]
	fmt.Printf("%s: %d of %d desktopAdvN are free\n", pro.Title, pro.Free("desktopAdvN"), pro.Seats["desktopAdvN"])
	for row, err := range report.Rows(ctx) {
		if err != nil {
			log.Fatal(err)
		}
		license, _ := row.License(pro)
		fmt.Println(row.Username, row.Role, member.Code(license.Entitlements))
	}

	// A member leaves: what she owns goes to another one.
	leaving, err := member.PlanOffboard(ctx, p, member.Offboard{
		Members: member.Select{Usernames: []string{"grace_hopper"}}, Successor: "ada_lovelace", Delete: true,
	}, member.Options{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("before:", strings.Join(leaving.Preview().Rows[0].Notes, ", "))
	left, err := leaving.Apply(ctx, member.Options{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("left:", left)
	// Output:
	// members: 2 done, 1 refused
	// line 4, alan_turing: Email "alan.example.com" is no e-mail address
	// ArcGIS Pro: 9 of 10 desktopAdvN are free
	// admin Administrator -
	// ada_lovelace Publisher -
	// grace_hopper User A2
	// before: revoke ArcGIS Pro (desktopAdvN, spatialAnalystN)
	// left: 1 done
}

// A template to send to those who know the new members.
func ExampleWriteTemplate() {
	if err := member.WriteTemplate(os.Stdout); err != nil {
		log.Fatal(err)
	}
	// Output:
	// Username,First Name,Last Name,Email,Role,User Type,License,App Bundles,Groups,Manages,Folders,Provider,IDP Username,Status
	// ada_lovelace,Ada,Lovelace,ada@example.com,Publisher,creatorUT,"ArcGIS Pro: desktopStdN, spatialAnalystN",,Field Crews; Reviewers,,Maps,arcgis,,active
}
