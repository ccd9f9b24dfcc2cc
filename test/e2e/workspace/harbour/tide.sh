echo "looking up the tides of $1"
