changed_meanwhile = somebody else changed it just now; read it again and try again
