using System.CommandLine;
using System.Globalization;

namespace OpsAgent.OpsCtl.CommandLine;

/// <summary>Options that take a whole number within bounds.</summary>
internal static class NumberText
{
    public static Option<int> Option(string name, string description, int otherwise, int least, int most = int.MaxValue) => new(name)
    {
        Description = description,
        HelpName = "number",
        DefaultValueFactory = _ => otherwise,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < least || number > most)
            {
                result.AddError($"{name}: '{text}' must be a number {(most == int.MaxValue ? $"of {least} or more" : $"from {least} to {most}")}");
            }

            return number;
        },
    };
}
