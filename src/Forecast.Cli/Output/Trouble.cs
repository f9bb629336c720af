namespace Forecast.Cli.Output;

/// <summary>Trouble that is waited out, told on standard error while it lasts.</summary>
internal static class Trouble
{
    private static readonly Lock Gate = new();
    private static (string What, long At) _last;

    /// <summary>The same trouble at most every five seconds.</summary>
    public static void Tell(string what, Exception error)
    {
        lock (Gate)
        {
            if (_last.At != 0 && string.Equals(_last.What, what, StringComparison.Ordinal) && TimeProvider.System.GetElapsedTime(_last.At) < TimeSpan.FromSeconds(5)) return;
            _last = (what, TimeProvider.System.GetTimestamp());
            Console.Error.WriteLine($"{what}: {(error is Core.ForecastException ? error.Message : error)}");
        }
    }
}
