using Forecast.Core.Forecasting;

namespace Forecast.Cli.Output;

/// <summary>Tells each epoch of a training on standard error.</summary>
internal sealed class TrainingLines : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress value) => Console.Error.WriteLine(
        $"{value.Model}: epoch {value.Epoch} of {value.Epochs}, loss {value.Loss:G5}{(double.IsNaN(value.ValidationLoss) ? "" : $", validation {value.ValidationLoss:G5}")}, {value.Remaining:m\\:ss} left");
}
