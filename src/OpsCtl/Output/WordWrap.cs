using System.Text;
using Spectre.Console;

namespace OpsAgent.OpsCtl.Output;

/// <summary>
/// Breaks text between words. A word that is longer than a line (an id, a path) stays whole on one of its own: the terminal goes on with
/// it on its next row, and what is copied from there is what was written.
/// </summary>
internal static class WordWrap
{
    public static IEnumerable<string> Lines(string text, int width)
    {
        var line = new StringBuilder();
        var used = 0;
        foreach (var word in text.Split(' '))
        {
            var length = word.GetCellWidth();
            if (line.Length > 0 && used + 1 + length > width)
            {
                yield return line.ToString();
                line.Clear();
                used = 0;
            }

            used += line.Length > 0 ? length + 1 : length;
            line.Append(line.Length > 0 ? " " : "").Append(word);
        }

        yield return line.ToString();
    }
}
