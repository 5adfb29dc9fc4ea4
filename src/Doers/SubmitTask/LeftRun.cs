using OpsAgent.Doers.Facility;

namespace OpsAgent.Doers.SubmitTask;

/// <summary>What a run that nobody saw the end of has left for its agent: the folder that <c>OPSAGENT_LEFT_DIR</c> names.</summary>
internal sealed class LeftRun(DoerEnvironment environment)
{
    /// <summary>The environment variable.</summary>
    public const string Variable = "OPSAGENT_LEFT_DIR";

    /// <summary>The file in it that names the sandbox: there from the moment on at which prun may have been started.</summary>
    public const string FileName = "sandbox";

    /// <summary>The sandbox's name; null if the run never came so far.</summary>
    /// <exception cref="DoerException">The folder is not named or not there, or the file can't be read, so nothing can be told.</exception>
    public string? Sandbox
    {
        get
        {
            var folder = environment.Value(Variable) ?? throw new DoerException(DoerExit.Usage, $"--resume-left: {Variable} is not set");
            if (!Directory.Exists(folder))
            {
                throw new DoerException(DoerExit.Failed, $"--resume-left: there is no folder {folder}");
            }

            try
            {
                return File.ReadAllText(Path.Combine(folder, FileName)).Trim();
            }
            catch (FileNotFoundException)
            {
                return null;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new DoerException(DoerExit.Failed, $"--resume-left: {FileName} in {folder} can't be read: {OneLine.Of(e.Message)}");
            }
        }
    }
}
