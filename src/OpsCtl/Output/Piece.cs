namespace OpsAgent.OpsCtl.Output;

/// <summary>Some text of one tone. It may come from outside: whoever shows it makes it harmless.</summary>
internal readonly record struct Piece(string Text, Tone Tone = Tone.Plain)
{
    public static implicit operator Piece(string text) => new(text);
}
