#!/usr/bin/env pwsh
dotnet run --file "$PSScriptRoot/build.cs" -- @args; exit $LASTEXITCODE
