too_long_ago = lies too far back; read what is shown anew and listen from now on
