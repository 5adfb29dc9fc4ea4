using System.Text;

namespace OpsAgent.Capabilities.Fields;

/// <summary>What was read of a message's fields.</summary>
/// <param name="Values">Those that are valid.</param>
/// <param name="Errors">What is wrong with the others; empty if the message is valid.</param>
public sealed record FieldReading(FieldValues Values, IReadOnlyList<FieldError> Errors)
{
    private const int MaxReason = 300;

    /// <summary>All errors in one line of at most 300 characters. Holds nothing that the message brought.</summary>
    public string Reason
    {
        get
        {
            var text = new StringBuilder();
            foreach (var error in Errors)
            {
                var piece = error.ToString();
                if (text.Length + piece.Length + 2 > MaxReason)
                {
                    return text.Length == 0 ? piece[..MaxReason] : text.ToString();
                }

                text.Append(text.Length > 0 ? "; " : "").Append(piece);
            }

            return text.ToString();
        }
    }
}

/// <summary>One field at fault.</summary>
/// <param name="Field">Its name.</param>
/// <param name="Message">What is wrong with it.</param>
public sealed record FieldError(string Field, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Field} {Message}";
}
