namespace OpsAgent.OpsCtl.Output;

/// <summary>A column of a table.</summary>
/// <param name="Title">Its head.</param>
/// <param name="IsFigure">Figures stand to the right; where there is no head beside them, their title is named.</param>
internal sealed record Column(string Title, bool IsFigure = false);
