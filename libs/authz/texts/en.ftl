missing = the permission `{ $permission }` is missing
over_limit = the permission `{ $permission }` ends at { $limit }
same_person = separation of duties: { $rule }
