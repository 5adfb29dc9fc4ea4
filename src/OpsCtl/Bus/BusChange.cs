namespace OpsAgent.OpsCtl.Bus;

/// <summary>The connection came, went, or did not come.</summary>
/// <param name="Connected">True if it is there now.</param>
/// <param name="Text">One line: with which broker, and why not.</param>
internal readonly record struct BusChange(bool Connected, string Text);
