#!/bin/sh
exec dotnet run --file "$(dirname "$0")/build.cs" -- "$@"
