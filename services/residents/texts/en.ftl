code_form = must have { $min } to { $max } characters and no dash
area_range = must be above 0 and at most 1,000,000 m²
building_exists = building { $code } exists already
unit_exists = unit { $label } exists already
ends_before_start = ends before it starts
family_not_charged = a family member is not charged
there_already = this person is there already
other_payer = on { $day } another party of the same kind pays already
mapping_misfit = the mapping does not fit the file
import_confirmed = the import was confirmed already
import_reading = the file is still being read
import_unreadable = the file could not be read: adjust the mapping, or upload another file
rows_wrong = { $rows ->
    [one] one row is wrong: import the good ones
   *[other] { $rows } rows are wrong: import the good ones
}
rows_undecided = { $rows ->
    [one] one doubtful row is undecided
   *[other] { $rows } doubtful rows are undecided
}
doubts_unlisted = more rows are doubtful than are listed: decide each kind for all rows
no_phone = this person has no phone
phone_digits = must have { $min } to { $max } digits
identity_number = the check digit or the date of birth is wrong
