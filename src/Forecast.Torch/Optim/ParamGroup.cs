using static TorchSharp.torch.optim;

namespace TorchSharp.Modules;

/// <summary>Options of a group of parameters. What is null is taken from the optimiser.</summary>
public class OptimizerOptions
{
    public double? LearningRate { get; set; }

    public double InitialLearningRate { get; set; }

    /// <summary>Reads what <see cref="SaveStateDict"/> wrote.</summary>
    public virtual void LoadStateDict(BinaryReader reader)
    {
        InitialLearningRate = reader.ReadDouble();
        LearningRate = reader.ReadDouble();
    }

    /// <summary>Copies another group's options.</summary>
    public virtual void LoadStateDict(OptimizerOptions source)
    {
        InitialLearningRate = source.InitialLearningRate;
        LearningRate = source.LearningRate;
    }

    /// <summary>Writes the options of a group that belongs to an optimiser.</summary>
    public virtual void SaveStateDict(BinaryWriter writer)
    {
        writer.Write(InitialLearningRate);
        writer.Write(LearningRate ?? throw new InvalidOperationException("The options belong to no optimiser yet: the learning rate is open."));
    }
}

/// <summary>Parameters that are trained with the same options.</summary>
public class ParamGroup : ILearningRateController
{
    private bool _scheduled;

    public IEnumerable<Parameter> Parameters { get; set; } = [];

    public OptimizerOptions Options { get; set; } = new();

    public double LearningRate
    {
        get => Options.LearningRate ?? throw new InvalidOperationException("The group belongs to no optimiser yet: its learning rate is open.");
        set => Options.LearningRate = value;
    }

    public double InitialLearningRate
    {
        get => Options.InitialLearningRate;
        set => Options.InitialLearningRate = value;
    }

    /// <summary>
    /// Takes the present rate as the initial one, for the first schedule only: one that is made next, to take over later, finds the
    /// rate already changed by the first.
    /// </summary>
    internal void BeginSchedule()
    {
        if (!_scheduled) InitialLearningRate = LearningRate;
        _scheduled = true;
    }
}

/// <summary>Parameters with options of the kind that one optimiser knows.</summary>
public class ParamGroup<TOptions> : ParamGroup where TOptions : OptimizerOptions
{
    public ParamGroup()
    {
    }

    public ParamGroup(IEnumerable<Parameter> parameters, TOptions? options = null)
    {
        Parameters = parameters;
        base.Options = options!;
    }

    public new TOptions Options
    {
        get => (TOptions)base.Options;
        set => base.Options = value;
    }
}
