using OpsAgent.Abstractions;
using OpsAgent.Capabilities.Keys;
using OpsAgent.Toml;

namespace OpsAgent.Capabilities.Reading;

/// <summary>Reads <c>[[capability.NAME.look_up]]</c> and <c>[capability.NAME.release]</c>.</summary>
internal static class LookUpReader
{
    public static IReadOnlyList<LookUpDefinition> Read(TableReader table, TemplateReader templates)
    {
        var path = $"{table.Path}.{CapabilityKeys.LookUp.Name}";
        switch (table.Find(CapabilityKeys.LookUp))
        {
            case null:
                return [];
            case TomlArray array when array.All(static i => i is TomlTable):
                return [.. array.Cast<TomlTable>().Select(t => ReadOne(new TableReader(t, path, LookUpKeys.Form, table.Problems), templates))];
            default:
                table.Report(CapabilityKeys.LookUp, $"must be an array of tables: write [[{path}]]");
                return [];
        }
    }

    public static CommandDefinition? ReadRelease(TableReader table, TemplateReader templates)
    {
        var source = table.Table(CapabilityKeys.Release);
        var command = source is null ? null : new ArgumentsReader(source, templates).Read();
        source?.RefuseOthers();
        return command;
    }

    private static LookUpDefinition ReadOne(TableReader source, TemplateReader templates)
    {
        var doer = new ArgumentsReader(source, templates).Read();
        var answers = new Dictionary<int, Outcome>();
        var codes = source.Table(LookUpKeys.ExitCodes);
        foreach (var key in codes?.Keys ?? [])
        {
            if (OutcomeRules.ReadCode(codes!, key) is { } code && OutcomeNames.TryParse(codes!.Word(key, LookUpKeys.Answer), out var outcome))
            {
                answers[code] = outcome;
            }
        }

        if (answers.Count == 0)
        {
            source.Report(LookUpKeys.ExitCodes, "must say of at least one exit code what it tells");
        }

        source.RefuseOthers();
        return new LookUpDefinition(doer, answers);
    }
}
