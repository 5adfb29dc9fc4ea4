namespace OpsAgent.OpsCtl.Output;

/// <summary>For whom results are written.</summary>
internal enum OutputFormat
{
    /// <summary>People: tables on a terminal, one tab-separated line a row in a pipe.</summary>
    Text = 0,

    /// <summary>Programs: one JSON document, or one a line where results come one by one.</summary>
    Json = 1,
}
