using System.Text.Json;
using System.Text.Json.Nodes;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using OpsAgent.Tests.Support.StompPy;

namespace OpsAgent.Tests.Unit.Schema;

/// <summary>Python's TOML reader and JSON Schema validator, as Debian packages them.</summary>
internal static class Validator
{
    /// <summary>Reads {"schema": ..., "documents": [...]}; prints one JSON array: for each document its errors, null if it is no TOML.</summary>
    private const string Program = """
        import json, sys, tomllib
        from jsonschema import Draft7Validator
        work = json.load(open(sys.argv[1], encoding="utf-8"))
        Draft7Validator.check_schema(work["schema"])
        validator = Draft7Validator(work["schema"])
        def errors(text):
            try:
                document = tomllib.loads(text)
            except tomllib.TOMLDecodeError:
                return None
            return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(document)]
        print("VERDICTS " + json.dumps([errors(text) for text in work["documents"]]))
        """;

    /// <summary>Each document's errors, in order; null for one that is no TOML. Fails if the schema itself is no valid one.</summary>
    public static async Task<IReadOnlyList<IReadOnlyList<string>?>> ErrorsAsync(string schema, IReadOnlyList<string> documents)
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("schema-").FullName, "work.json");
        try
        {
            var work = new JsonObject
            {
                ["schema"] = JsonNode.Parse(schema),
                ["documents"] = new JsonArray([.. documents.Select(d => JsonValue.Create(d))]),
            };
            await File.WriteAllTextAsync(file, work.ToJsonString());
            await using var python = ChildProcess.Start(StompPyEndpoint.Python, ["-c", Program, file], new Dictionary<string, string>());
            var code = await python.ExitAsync(TimeSpan.FromMinutes(3));
            var verdicts = python.Output.Split('\n').SingleOrDefault(l => l.StartsWith("VERDICTS ", StringComparison.Ordinal));
            return code == 0 && verdicts is not null
                ? JsonSerializer.Deserialize<List<List<string>?>>(verdicts["VERDICTS ".Length..])!
                : throw new InvalidOperationException($"the validator ended with {code}: {python.Output}");
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        }
    }
}
