namespace OpsAgent.Doers.RucioSnapshot.Matching;

/// <summary>Whether a dataset can be an output of what a task asks for.</summary>
internal static class FilterMatch
{
    /// <summary>
    /// Detector, beam and physics must be the dataset's if the task says them; Q² ranges must meet; species and energy must not
    /// differ. What either side does not say of the last three is no reason against.
    /// </summary>
    public static bool Holds(PathFilters asked, PathFilters dataset) =>
        Is(asked.Detector, dataset.Detector) && Is(asked.Beam, dataset.Beam) && Is(asked.Physics, dataset.Physics)
        && Q2Meets(asked.Q2, Q2Range.Parse(asked.Q2), dataset.Q2, Q2Range.Parse(dataset.Q2))
        && DoNotDiffer(asked.Species, dataset.Species) && DoNotDiffer(asked.Energy, dataset.Energy);

    /// <summary>True if the ranges meet; texts that are no ranges must be the same.</summary>
    public static bool Q2Meets(string asked, Q2Range? askedRange, string dataset, Q2Range? datasetRange) =>
        asked.Length == 0 || dataset.Length == 0
        || (askedRange is { } a && datasetRange is { } b ? a.Meets(b) : asked == dataset);

    /// <summary>True unless both say something and not the same.</summary>
    public static bool DoNotDiffer(string asked, string dataset) => asked.Length == 0 || dataset.Length == 0 || asked == dataset;

    private static bool Is(string asked, string dataset) => asked.Length == 0 || asked == dataset;
}
