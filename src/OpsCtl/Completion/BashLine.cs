using System.Text;

namespace OpsAgent.OpsCtl.Completion;

/// <summary>
/// A command line as bash has it, up to the cursor. Its own words are of no use: it splits them at <c>=</c> and <c>:</c> too, and
/// does not tell whether there was a space. Nothing is expanded.
/// </summary>
/// <param name="Words">Without the program's own name, quotes taken off; the last is the one at the cursor, maybe empty.</param>
internal sealed record BashLine(IReadOnlyList<string> Words)
{
    public static BashLine Parse(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var inWord = false;
        var quote = '\0';
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\\' && quote != '\'' && i + 1 < text.Length)
            {
                word.Append(text[++i]);
                inWord = true;
            }
            else if (quote != '\0' ? c == quote : c is '\'' or '"')
            {
                quote = quote == '\0' ? c : '\0';
                inWord = true;
            }
            else if (quote == '\0' && char.IsWhiteSpace(c))
            {
                if (inWord)
                {
                    words.Add(word.ToString());
                }

                word.Clear();
                inWord = false;
            }
            else
            {
                word.Append(c);
                inWord = true;
            }
        }

        words.Add(word.ToString());
        return new BashLine(words.Count > 1 ? words[1..] : [""]);
    }
}
