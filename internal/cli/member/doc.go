// Package member holds the commands below rhumb member: members from CSV files and into them,
// people who leave, and the move to other accounts.
package member
