"""Growth is counted from days and numbers of an author's posts: from an index that holds both."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('forum', '0001_initial'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='post',
            index=models.Index(fields=['author', 'state', 'created_at', 'number'], name='post_author_days'),
        ),
    ]
