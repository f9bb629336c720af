using System.Diagnostics;
using Spectre.Console;

namespace Forecast.Cli.Output;

/// <summary>Shows on standard error how many series of a panel are done: a bar on a terminal, a line each tenth elsewhere.</summary>
internal static class SeriesProgressBar
{
    /// <summary>Work that is over sooner says nothing about its way.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static T Watch<T>(int series, Func<IProgress<int>?, T> run)
    {
        if (series == 1) return run(null);
        if (!Terminal.Watched) return run(new Lines(series));
        return Terminal.Error.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn(), new RemainingTimeColumn())
            .Start(context => run(new Bar(context.AddTask("series", maxValue: series), series)));
    }

    private sealed class Bar(ProgressTask task, int series) : IProgress<int>
    {
        public void Report(int value)
        {
            task.Value = value;
            task.Description = $"{value:N0} of {series:N0} series";
        }
    }

    private sealed class Lines(int series) : IProgress<int>
    {
        private readonly long _start = Stopwatch.GetTimestamp();
        private int _tenth;

        public void Report(int value)
        {
            var tenth = (int)(10L * value / series);
            if (tenth == _tenth || Stopwatch.GetElapsedTime(_start) < Patience) return;
            _tenth = tenth;
            Console.Error.WriteLine($"{value} of {series} series");
        }
    }
}
