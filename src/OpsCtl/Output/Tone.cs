namespace OpsAgent.OpsCtl.Output;

/// <summary>What a piece of text is to the reader; a terminal shows it by color.</summary>
internal enum Tone
{
    Plain = 0,
    Good,
    Bad,
    Warning,
    Active,
    Faint,
    Strong,
}
